import type {
  AuditorService,
  BackstageCredentials,
  LoggerService,
  RootConfigService,
} from '@backstage/backend-plugin-api';
import { stringifyEntityRef, type Entity } from '@backstage/catalog-model';
import { ConfigReader } from '@backstage/config';
import { NotAllowedError } from '@backstage/errors';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import type { AccessRequest } from 'backstage-plugin-hoop-authentik-common';
import type { GatewayRuns } from 'backstage-plugin-hoop-authentik-node/alpha';
import type { ActionOptions } from '../actions';

// Services by hand: loading those of the backend's test utils takes longer than most tests.

/** The user who started the task. @internal */
export const CREDENTIALS: BackstageCredentials = {
  $$type: '@backstage/BackstageCredentials',
  principal: { type: 'user', userEntityRef: 'user:default/jane' },
};

/** `app-config` with this content. @internal */
export function rootConfigOf(data: object = {}): RootConfigService {
  return new ConfigReader(
    data as ConstructorParameters<typeof ConfigReader>[0],
  );
}

const REQUEST: AccessRequest = {
  id: 'the-request',
  kind: 'access',
  state: 'pending',
  entityRef: 'resource:default/hoop',
  gateway: { name: 'main', title: 'main' },
  application: 'hoop',
  requester: 'user:default/jane',
  reason: '',
  groups: [],
  approvers: ['group:default/sre'],
  createdAt: '2026-11-28T10:00:00.000Z',
  expiresAt: '2026-12-05T10:00:00.000Z',
  may: { decide: false, withdraw: true, retry: false, revoke: false },
};

/** A catalog and permissions with the same answer for everything. @internal */
export function portalOf({
  entities = [],
  permission = AuthorizeResult.ALLOW,
}: {
  entities?: Entity[];
  permission?: AuthorizeResult.ALLOW | AuthorizeResult.DENY;
} = {}): Omit<ActionOptions, 'gateways'> {
  return {
    catalog: {
      getEntityByRef: async ref =>
        entities.find(
          entity =>
            stringifyEntityRef(entity) ===
            (typeof ref === 'string' ? ref : stringifyEntityRef(ref)),
        ),
    },
    permissions: {
      authorize: async requests => requests.map(() => ({ result: permission })),
      authorizeConditional: async requests =>
        requests.map(() => ({ result: permission })),
    },
    runs: singleRuns(),
    createRequest: async request => ({
      created: true,
      request: {
        ...REQUEST,
        kind: request.kind,
        entityRef: request.entityRef,
        reason: request.reason,
      },
    }),
  };
}

/** Every run gets its gateway and keeps it. */
function singleRuns(): GatewayRuns {
  return {
    begin: async () => ({
      id: 'the-run',
      signal: new AbortController().signal,
      created: [],
      confirm: async () => {},
      record: async () => {},
      forget: async () => {},
      unverifiedSwitch: undefined,
      keepSwitch: async () => {},
      clearSwitch: async () => {},
      grants: [],
      keepGrant: async () => {},
      end: async () => {},
    }),
    present: async () => {
      throw new NotAllowedError('There is no such request.');
    },
  };
}

/** A log line with its level and what was attached to it. @internal */
export type LogRecord = [level: string, message: string, ...meta: unknown[]];

/** A logger that passes every line on. @internal */
export function loggerTo(
  record: (...line: LogRecord) => void = () => {},
): LoggerService {
  const at =
    (level: string): LoggerService['info'] =>
    (message, ...meta) =>
      record(level, message, ...meta);
  const logger: LoggerService = {
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    child: () => logger,
  };
  return logger;
}

/** An auditor that remembers every call in order. @internal */
export function recordingAuditor() {
  const records: Array<[status: string, details: any]> = [];
  const auditor: AuditorService = {
    async createEvent(options) {
      records.push(['initiated', options]);
      return {
        async success(details) {
          records.push(['succeeded', details]);
        },
        async fail(details) {
          records.push(['failed', details]);
        },
      };
    },
  };
  return { auditor, records };
}
