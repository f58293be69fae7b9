import type { SchedulerServiceTaskScheduleDefinitionConfig } from '@backstage/backend-plugin-api';
import type { HumanDuration } from '@backstage/types';

export interface Config {
  hoopAuthentik?: {
    /** How the backend keeps what it shows current. */
    sweep?: {
      /**
       * When every integration is observed, on one replica at a time. Default: every ten minutes, for five minutes at most.
       */
      schedule?: SchedulerServiceTaskScheduleDefinitionConfig;
    };
    /** What users ask for, and who decides. Approvers of a gateway are declared with it. */
    requests?: {
      /** How long a request can be decided. Default: seven days. */
      expireAfter?: HumanDuration | string;
      /** After how long approvers are reminded, and again after each such time. Default: two days. */
      remindAfter?: HumanDuration | string;
      /** Whether approvers may decide about their own requests. Default: false. */
      allowSelfApproval?: boolean;
      /** How many requests a user may have open. Default: 20. */
      mostOpenPerUser?: number;
      /** The templates that carry requests out. */
      templates?: {
        /** Default: `template:default/connect-gateway`. */
        connect?: string;
        /** Default: `template:default/grant-access`. */
        access?: string;
      };
      /**
       * How a group of the catalog is known in authentik: `name` by the same name, in the namespace `default` only; `annotation`
       * by the annotation `goauthentik.io/group`. Default: `name`.
       */
      groupsBy?: 'name' | 'annotation';
      /**
       * How a user of the catalog is known in authentik: `email` by the address of the profile, where one active user has it;
       * `annotation` by the annotation `goauthentik.io/username`. Default: `email`.
       */
      usersBy?: 'email' | 'annotation';
    };
    /** Changes of state and runs of actions. */
    history?: {
      /** How long they are kept. Default: 90 days. */
      keep?: HumanDuration | string;
    };
  };
}
