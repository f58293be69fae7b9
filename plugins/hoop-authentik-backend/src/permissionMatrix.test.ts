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

describe('the permission of each operation', () => {
  let sandbox: SandboxProcess;
  let backend: Awaited<ReturnType<typeof startTestBackend>>;

  beforeAll(async () => {
    sandbox = await startSandboxProcess({});
    backend = await startTestBackend({
      features: [
        hoopAuthentikPlugin,
        mockServices.rootConfig.factory({ data: gatewayConfig(sandbox) }),
        mockServices.permissions.mock({
          authorize: async (requests, options) =>
            requests.map(({ permission: { name } }) => ({
              result: grantsOf(options!.credentials!).includes(name)
                ? AuthorizeResult.ALLOW
                : AuthorizeResult.DENY,
            })),
        }).factory,
        catalogServiceMock.factory({ entities: [hoop] }),
      ],
    });
  });

  afterAll(async () => {
    await backend?.stop();
    await sandbox?.stop();
  });

  const ask = (id: string, caller: Caller) => {
    const { method, path } = OPERATIONS.find(one => one.id === id)!;
    const parameters: Record<string, string> = {
      kind: 'resource',
      namespace: 'default',
      name: 'hoop',
      gateway: 'main',
    };
    const url = path.replace(/\{(\w+)\}/g, (_, name) => parameters[name]);
    return request(backend.server)
      [method](`/api/hoop-authentik${url}`)
      .set('authorization', headerOf(caller));
  };

  it('should cover every operation', () => {
    expect(Object.keys(ALLOWED).sort()).toEqual(
      OPERATIONS.map(({ id }) => id).sort(),
    );
  });

  it.each(
    OPERATIONS.flatMap(({ id, status }) =>
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
