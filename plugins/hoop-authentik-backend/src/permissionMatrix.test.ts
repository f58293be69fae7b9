import {
  mockCredentials,
  mockServices,
  startTestBackend,
} from '@backstage/backend-test-utils';
import type { BackstageCredentials } from '@backstage/backend-plugin-api';
import type { Entity } from '@backstage/catalog-model';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import { startSandboxProcess, type SandboxProcess } from 'sandbox';
import request from 'supertest';
import { gatewayConfig } from './__testUtils__/gatewayConfig';
import { OPERATIONS } from './openapi/operations';
import { hoopAuthentikPlugin } from './plugin';

jest.setTimeout(120_000);

const hoop: Entity = {
  apiVersion: 'backstage.io/v1alpha1',
  kind: 'Resource',
  metadata: {
    name: 'hoop',
    namespace: 'default',
    annotations: { 'hoop.dev/gateway': 'main' },
  },
};

const dev: Entity = {
  apiVersion: 'backstage.io/v1alpha1',
  kind: 'User',
  metadata: { name: 'dev', namespace: 'default' },
  spec: { profile: { email: 'jane@company.example' } },
};

/** What a policy that denies by default lets each of them do with the entity and its gateway. */
const CALLERS = {
  owner: [
    'hoop-authentik.integration.read',
    'hoop-authentik.integration.refresh',
    'hoop-authentik.access.read',
  ],
  other: [],
  reader: ['hoop-authentik.integration.read'],
  manager: ['hoop-authentik.gateway.manage'],
  dev: ['hoop-authentik.request.create'],
  approver: ['hoop-authentik.request.decide'],
} as const;

type Caller = keyof typeof CALLERS | 'service' | 'none';

/** Who is answered; lists are, with what the caller may see. */
const ALLOWED: Record<string, Caller[]> = {
  listIntegrations: ['owner', 'other', 'reader', 'manager', 'service'],
  getIntegration: ['owner', 'reader', 'service'],
  refreshIntegration: ['owner', 'service'],
  getRefresh: ['owner', 'reader', 'service'],
  getHistory: ['owner', 'reader', 'service'],
  getAccess: ['owner', 'service'],
  listGateways: ['owner', 'other', 'reader', 'manager', 'service'],
  listGroups: ['manager', 'service'],
  listCertificates: ['manager', 'service'],
  listFlows: ['manager', 'service'],
  planConnection: ['manager', 'service'],
};

const headerOf = (caller: Caller) =>
  ({
    service: mockCredentials.service.header(),
    none: mockCredentials.none.header(),
  }[caller as 'service' | 'none'] ??
  mockCredentials.user.header(`user:default/${caller}`));

function grantsOf({ principal }: BackstageCredentials): readonly string[] {
  const { type, userEntityRef = '' } = principal as {
    type: string;
    userEntityRef?: string;
  };
  const [, name] = userEntityRef.split('/');
  return type === 'service'
    ? Object.values(CALLERS).flat()
    : CALLERS[name as keyof typeof CALLERS];
}

const YOURS = 'user:default/dev';

/** What is answered about a request of the user `dev`; services take no part, and whom it does not concern sees none. */
const OF_REQUESTS: Record<string, Partial<Record<Caller, number>>> = {
  getRequestOptions: { dev: 200, approver: 403, other: 403 },
  createRequest: { dev: 200, approver: 403, other: 403 },
  listRequests: { dev: 200, approver: 200, other: 200 },
  getRequest: { dev: 200, approver: 200, other: 404 },
  decideRequest: { dev: 403, approver: 200, other: 404 },
  withdrawRequest: { dev: 200, approver: 403, other: 404 },
  // It has not failed, and gave no access.
  retryRequest: { dev: 403, approver: 409, other: 404 },
  revokeGrant: { dev: 403, approver: 409, other: 404 },
};

describe('the permission of each operation', () => {
  let sandbox: SandboxProcess;
  let backend: Awaited<ReturnType<typeof startTestBackend>>;

  beforeAll(async () => {
    sandbox = await startSandboxProcess({});
    const data = gatewayConfig(sandbox, {
      approvers: ['user:approver', 'user:other'],
    });
    Object.assign(data.hoopAuthentik, { requests: { mostOpenPerUser: 100 } });
    backend = await startTestBackend({
      features: [
        hoopAuthentikPlugin,
        mockServices.rootConfig.factory({ data }),
        mockServices.permissions.mock({
          authorize: async (requests, options) =>
            requests.map(({ permission: { name } }) => ({
              result: grantsOf(options!.credentials!).includes(name)
                ? AuthorizeResult.ALLOW
                : AuthorizeResult.DENY,
            })),
        }).factory,
        catalogServiceMock.factory({ entities: [hoop, dev] }),
      ],
    });
  });

  afterAll(async () => {
    await backend?.stop();
    await sandbox?.stop();
  });

  let requests = 0;
  const newRequest = () => ({
    kind: 'access',
    entityRef: 'resource:default/hoop',
    subject: YOURS,
    reason: 'On call this week',
    until: new Date(Date.now() + ++requests * 60_000).toISOString(),
  });
  const BODIES: Record<string, () => object> = {
    createRequest: newRequest,
    decideRequest: () => ({ decision: 'decline', comment: 'Not this week' }),
    retryRequest: () => ({ planDigest: 'plan' }),
  };

  const ask = (id: string, caller: Caller, requestId = 'none') => {
    const { method, path } = OPERATIONS.find(one => one.id === id)!;
    const parameters: Record<string, string> = {
      kind: 'resource',
      namespace: 'default',
      name: 'hoop',
      gateway: 'main',
      id: requestId,
    };
    const url = path.replace(/\{(\w+)\}/g, (_, name) => parameters[name]);
    return request(backend.server)
      [method](`/api/hoop-authentik${url}`)
      .set('authorization', headerOf(caller))
      .send(BODIES[id]?.());
  };

  it('should cover every operation', () => {
    expect(
      [...Object.keys(ALLOWED), ...Object.keys(OF_REQUESTS)].sort(),
    ).toEqual(OPERATIONS.map(({ id }) => id).sort());
  });

  it.each(
    OPERATIONS.filter(({ id }) => id in ALLOWED).flatMap(({ id, status }) =>
      (['owner', 'other', 'reader', 'manager', 'service', 'none'] as const).map(
        caller => {
          const refused = caller === 'none' ? 401 : 403;
          return [
            id,
            caller,
            ALLOWED[id].includes(caller) ? status : refused,
          ] as const;
        },
      ),
    ),
  )('should answer %s of %s with %d', async (id, caller, status) => {
    const answer = await ask(id, caller);
    expect(answer.status).toBe(status);
    expect(Boolean(answer.body.error)).toBe(status >= 400);
  });

  it.each(
    Object.entries(OF_REQUESTS).flatMap(([id, statuses]) =>
      Object.entries({ ...statuses, service: 403, none: 401 }).map(
        ([caller, status]) => [id, caller as Caller, status] as const,
      ),
    ),
  )(
    'should answer %s of %s about a request with %d',
    async (id, caller, status) => {
      const { body } = await ask('createRequest', 'dev');
      const answer = await ask(id, caller, body.request.id);
      expect(answer.status).toBe(status);
      expect(Boolean(answer.body.error)).toBe(status >= 400);
    },
  );

  it('should show the problems of an integration only to approvers and readers', async () => {
    await ask('refreshIntegration', 'owner');
    const { body } = await ask('createRequest', 'dev');
    const shown = async (caller: Caller) =>
      (await ask('getRequest', caller, body.request.id)).body.problems;
    expect(await shown('approver')).not.toEqual([]);
    expect(await shown('dev')).toEqual([]);
  });

  it('should show in lists only what may be decided', async () => {
    const listed = async (caller: Caller) => {
      const path = '/api/hoop-authentik/requests?view=toDecide';
      const { body } = await request(backend.server)
        .get(path)
        .set('authorization', headerOf(caller));
      return body.items.length > 0;
    };
    await ask('createRequest', 'dev');
    expect(await listed('approver')).toBe(true);
    // Named as an approver, but the policy does not let them decide.
    expect(await listed('other')).toBe(false);
    expect(await listed('manager')).toBe(false);
  });

  it.each([
    ['a foreign entity', { entityRef: 'resource:default/unknown' }, 404],
    ['no entity reference', { entityRef: '../../etc' }, 400],
    ['a foreign user', { subject: 'user:default/owner' }, 400],
    ['a foreign group', { subject: 'group:default/admin' }, 400],
    [
      'no group at all',
      { kind: 'connect', subject: undefined, until: undefined },
      400,
    ],
    ['a past end', { until: '2020-01-01T00:00:00Z' }, 400],
    ['another requester', { requester: 'user:default/approver' }, 400],
    ['a long reason', { reason: 'x'.repeat(501) }, 400],
    ['a body that is too large', { reason: 'x'.repeat(20_000) }, 413],
  ])('should refuse a request with %s', async (_, changes, status) => {
    const { body, ...answer } = await request(backend.server)
      .post('/api/hoop-authentik/requests')
      .set('authorization', headerOf('dev'))
      .send({ ...newRequest(), ...changes });
    expect([answer.status, body.created]).toEqual([status, undefined]);
  });

  it('should give back script as the text that it is', async () => {
    const reason = '<script>alert("access")</script>';
    const { body, headers } = await request(backend.server)
      .post('/api/hoop-authentik/requests')
      .set('authorization', headerOf('dev'))
      .send({ ...newRequest(), reason });
    expect(body.request.reason).toBe(reason);
    expect(headers['content-type']).toContain('application/json');
  });

  it.each([
    ['owner', 1, 0],
    ['other', 0, 0],
    ['reader', 1, 0],
    ['manager', 0, 1],
    ['service', 1, 1],
  ] as const)(
    'should show %s %d integrations and %d gateways in the lists',
    async (caller, integrations, gateways) => {
      expect((await ask('listIntegrations', caller)).body.items).toHaveLength(
        integrations,
      );
      expect((await ask('listGateways', caller)).body.items).toHaveLength(
        gateways,
      );
      const { body } = await ask('listIntegrations', caller).query({
        counts: true,
        limit: 1,
      });
      const counted: number[] = Object.values(body.counts.states);
      expect(counted.reduce((sum, count) => sum + count, 0)).toBe(integrations);
    },
  );

  it('should serve its description to whoever is signed in', async () => {
    const path = '/api/hoop-authentik/openapi.json';
    const { body } = await request(backend.server).get(path);
    expect(body.openapi).toBe('3.1.0');
    const { status } = await request(backend.server)
      .get(path)
      .set('authorization', mockCredentials.none.header());
    expect(status).toBe(401);
  });
});
