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
    /** Changes of state and runs of actions. */
    history?: {
      /** How long they are kept. Default: 90 days. */
      keep?: HumanDuration | string;
    };
  };
}
