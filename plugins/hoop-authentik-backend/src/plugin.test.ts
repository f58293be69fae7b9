import { setTimeout as sleep } from 'node:timers/promises';
import { inspect } from 'node:util';
import type { BackendFeature } from '@backstage/backend-plugin-api';
import {
  mockCredentials,
  mockServices,
  startTestBackend,
} from '@backstage/backend-test-utils';
import type { Entity } from '@backstage/catalog-model';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import {
  hoopAuthentikGatewayManagePermission,
  hoopAuthentikIntegrationReadPermission,
  rememberedIntegrationSchema,
  type CheckId,
  type Integration,
} from 'backstage-plugin-hoop-authentik-common';
import { startSandboxProcess, type SandboxProcess } from 'sandbox';
import request from 'supertest';
import { hoopAuthentikPlugin } from './plugin';
import { companyChecksModule } from './__testUtils__/companyChecksModule';
import { connectGateway } from './__testUtils__/connectGateway';
import { gatewayConfig } from './__testUtils__/gatewayConfig';
import { patchObject } from './__testUtils__/patchObject';

jest.setTimeout(60_000);

type Backend = Awaited<ReturnType<typeof startTestBackend>>;

const PATH = '/api/hoop-authentik/integrations/by-entity/resource/default';

function entity(name: string, annotations?: Record<string, string>): Entity {
  return {
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Resource',
    metadata: { name, namespace: 'default', annotations },
  };
}

const ENTITIES = [
  entity('hoop', { 'hoop.dev/gateway': 'main' }),
  entity('unattached'),
  entity('elsewhere', { 'hoop.dev/gateway': 'nowhere' }),
  entity('bad-slug', {
    'hoop.dev/gateway': 'main',
    'goauthentik.io/application': '../x',
  }),
];

/**
 * What was observed serves for two seconds. Times in Kubernetes objects have no fraction of a second, so that a change counts
 * as later from the next one on.
 */
const laterOn = () => sleep(2_100);

describe('hoopAuthentikPlugin', () => {
  let sandbox: SandboxProcess;
  let backend: Backend;
  let config: object;
  let log: unknown[];

  beforeAll(async () => {
    sandbox = await startSandboxProcess({ rolloutDelayMs: 50 });
    config = gatewayConfig(sandbox, { title: 'Company gateway' });
  });

  afterAll(async () => {
    await sandbox?.stop();
  });

  beforeEach(() => {
    log = [];
  });

  afterEach(async () => {
    await backend.stop();
    await sandbox.control.reset();
  });

  async function start(
    data = config,
    permission:
      | AuthorizeResult.ALLOW
      | AuthorizeResult.DENY = AuthorizeResult.ALLOW,
    modules: BackendFeature[] = [],
    managers = true,
  ) {
    const record = (...args: unknown[]) => {
      log.push(args);
    };
    const logger = mockServices.rootLogger.mock({
      debug: record,
      info: record,
      warn: record,
      error: record,
      child: () => logger,
    });
    const permissions = mockServices.permissions.mock({
      authorize: async requests =>
        requests.map(({ permission: { name } }) => ({
          result:
            managers || name !== hoopAuthentikGatewayManagePermission.name
              ? permission
              : AuthorizeResult.DENY,
        })),
    });
    backend = await startTestBackend({
      features: [
        hoopAuthentikPlugin,
        mockServices.rootConfig.factory({ data: { ...data } }),
        logger.factory,
        permissions.factory,
        catalogServiceMock.factory({ entities: ENTITIES }),
        ...modules,
      ],
    });
    return { permissions };
  }

  /** Asks as a signed-in user, and fails where a secret is in the answer or was logged. */
  async function get(name: string) {
    const response = await request(backend.server).get(`${PATH}/${name}`);
    const secrets = (await sandbox.control.secrets()).filter(
      secret => secret.length >= 8,
    );
    expect(secrets.length).toBeGreaterThan(3);
    const shown = inspect(
      [response.body, response.headers, response.text, log],
      {
        depth: Infinity,
        maxArrayLength: Infinity,
        maxStringLength: Infinity,
        breakLength: Infinity,
      },
    );
    expect(secrets.some(secret => shown.includes(secret))).toBe(false);
    return response;
  }

  async function getIntegration(): Promise<Integration> {
    const { status, body } = await get('hoop');
    expect(status).toBe(200);
    return rememberedIntegrationSchema.strict().parse(body);
  }

  /** As the card's button does. */
  async function refresh(): Promise<void> {
    const path = `${PATH}/hoop/refresh`;
    const { status } = await request(backend.server).post(path);
    expect(status).toBe(202);
    const isRunning = async () =>
      (await request(backend.server).get(path)).body.status === 'running';
    while (await isRunning()) {
      await sleep(20);
    }
  }

  const checkOf = ({ checks }: Integration, id: CheckId) =>
    checks.find(check => check.id === id);

  describe('the integration of an entity', () => {
    it('should be not connected before anything was done, with the next step to take', async () => {
      await start();

      const integration = await getIntegration();

      expect(integration).toMatchObject({
        entityRef: 'resource:default/hoop',
        state: 'not-connected',
        gateway: {
          name: 'main',
          title: 'Company gateway',
          url: sandbox.gateway.url,
          authMethod: 'local',
        },
        authentik: {
          name: 'default',
          baseUrl: sandbox.authentik.url,
        },
        application: {
          slug: 'hoop',
          exists: false,
          issuer: `${sandbox.authentik.url}/application/o/hoop/`,
        },
        commands: [
          {
            command: `hoop config create --api-url ${sandbox.gateway.url}`,
          },
          { command: 'hoop login' },
        ],
      });
      expect(checkOf(integration, 'authentik.application')).toMatchObject({
        status: 'fail',
        remedy: expect.stringContaining('software template'),
      });
    });

    it('should be connected after the whole job, with nothing failing', async () => {
      await connectGateway(config);
      await start();

      const integration = await getIntegration();

      expect(integration).toMatchObject({
        state: 'connected',
        gateway: { authMethod: 'oidc' },
        application: { exists: true, clientId: expect.any(String) },
      });
      expect(
        integration.checks.filter(({ status }) =>
          ['fail', 'unknown'].includes(status),
        ),
      ).toEqual([]);
    });

    it('should be pending while the gateway has not been restarted with its settings', async () => {
      await connectGateway(config);
      await start();
      const { application } = await getIntegration();
      await laterOn();
      // The same settings again, written after the gateway started.
      for (const value of ['another', application.clientId]) {
        await patchObject(sandbox, 'configmaps/hoopgateway-idp', {
          data: { IDP_CLIENT_ID: value },
        });
      }

      await refresh();
      const integration = await getIntegration();

      expect(integration.state).toBe('pending');
      expect(checkOf(integration, 'kubernetes.settings')?.status).toBe('pass');
      expect(checkOf(integration, 'kubernetes.restarted')).toMatchObject({
        status: 'fail',
        fix: { action: 'restart' },
      });
    });

    it('should have drifted when the ConfigMap was edited, and say what is different', async () => {
      await connectGateway(config);
      await start();
      await patchObject(sandbox, 'configmaps/hoopgateway-idp', {
        data: { IDP_GROUPS_CLAIM: 'roles' },
      });

      const integration = await getIntegration();

      expect(integration.state).toBe('drifted');
      expect(checkOf(integration, 'kubernetes.settings')).toMatchObject({
        status: 'fail',
        expected: 'IDP_GROUPS_CLAIM=groups',
        actual: 'IDP_GROUPS_CLAIM=roles',
      });
    });

    it('should have drifted when the client secret was changed, without showing it', async () => {
      await connectGateway(config);
      await start();
      const secret = 'edited-by-hand-1234';
      await patchObject(sandbox, 'secrets/hoopgateway-idp', {
        data: { IDP_CLIENT_SECRET: Buffer.from(secret).toString('base64') },
      });

      const integration = await getIntegration();

      expect(integration.state).toBe('drifted');
      expect(JSON.stringify(integration)).not.toContain(secret);
      expect(checkOf(integration, 'kubernetes.settings')).toMatchObject({
        actual: 'IDP_CLIENT_SECRET=another value',
      });
    });

    it.each([
      ['authentik', 'authentik.reachable', 'authentik.unreachable', []],
      [
        'kubernetes',
        'kubernetes.reachable',
        'kubernetes.unreachable',
        ['authentik.bindings'],
      ],
      [
        'gateway',
        'gateway.reachable',
        'gateway.unreachable',
        ['authentik.bindings'],
      ],
    ] as const)(
      'should be unreachable while %s is, and connected again afterwards',
      async (system, check, cause, others) => {
        await connectGateway(config);
        await start();
        await sandbox.control.faults({ system, unreachable: true });

        const integration = await getIntegration();

        expect(integration.state).toBe('unreachable');
        expect(integration.complete).toBe(false);
        // An open gateway is a problem too, and no other is.
        expect(integration.problems).toEqual([
          expect.objectContaining({
            id: cause,
            // A gateway that cannot load authentik either belongs to that outage.
            severity: system === 'authentik' ? 'fail' : 'unknown',
            error: expect.stringContaining('cannot be reached'),
            remedy: expect.any(String),
            checks: expect.arrayContaining([check]),
          }),
          ...others.map(id => expect.objectContaining({ id })),
        ]);
        expect(checkOf(integration, check)).toMatchObject({
          status: 'unknown',
          cause,
        });

        await sandbox.control.clearFaults();
        await laterOn();
        await refresh();
        expect((await getIntegration()).state).toBe('connected');
      },
    );

    it.each(
      (['authentik', 'kubernetes', 'gateway'] as const).flatMap(system =>
        [401, 403, 500].map(status => [status, system] as const),
      ),
    )(
      'should not pass on a %s of %s as a status of ours',
      async (status, system) => {
        await start();
        await sandbox.control.faults({ system, status });

        const integration = await getIntegration();

        // A gateway that says why it fails is down; this one is known to be set to local sign-in.
        expect(integration).toMatchObject({
          state:
            system === 'gateway' && status === 500 ? 'down' : 'not-connected',
          complete: false,
          problems: expect.arrayContaining([
            expect.objectContaining({
              id: expect.stringMatching(`^${system}\\.`),
              error: expect.any(String),
            }),
          ]),
        });
      },
    );

    it('should show a gateway without a connection as such, whatever else is out of reach', async () => {
      await start();
      await sandbox.control.faults({ system: 'authentik', unreachable: true });

      const { state, complete } = await getIntegration();

      expect({ state, complete }).toEqual({
        state: 'not-connected',
        complete: false,
      });
    });

    it('should have the checks of a module', async () => {
      await connectGateway(config);
      await start(config, AuthorizeResult.ALLOW, [companyChecksModule]);

      const integration = await getIntegration();

      expect(integration).toMatchObject({ state: 'connected', warnings: 2 });
      expect(integration.checks.at(-1)).toMatchObject({
        id: 'gateway.x-company-domain',
        status: 'warn',
        params: { domain: 'company.example' },
      });
      expect(integration.problems).toMatchObject([
        { id: 'authentik.bindings', severity: 'warn' },
        { id: 'gateway.x-company-domain', severity: 'warn' },
      ]);
    });
  });

  describe('who may not manage the gateway', () => {
    const startForReaders = (data: object) =>
      start(data, AuthorizeResult.ALLOW, [], false);

    /** Names in the cluster, and the file that leads to it. */
    const names = () => [
      new URL(sandbox.kubernetes.url).host,
      sandbox.kubernetes.kubeconfigPath,
      'hoopgateway',
      `namespace "${sandbox.kubernetes.namespace}"`,
      `namespaces/${sandbox.kubernetes.namespace}`,
    ];

    it.each<[string, () => Promise<unknown>]>([
      ['all is well', async () => {}],
      [
        'settings differ',
        () =>
          patchObject(sandbox, 'configmaps/hoopgateway-idp', {
            data: { IDP_GROUPS_CLAIM: 'roles', IDP_URI: 'https://x:y@z' },
          }),
      ],
      ...([401, 403, 404, 500] as const).map(
        (status): [string, () => Promise<unknown>] => [
          `the cluster answers ${status}`,
          () => sandbox.control.faults({ system: 'kubernetes', status }),
        ],
      ),
      [
        'the cluster does not answer',
        () =>
          sandbox.control.faults({ system: 'kubernetes', unreachable: true }),
      ],
      [
        'the gateway does not answer',
        () => sandbox.control.faults({ system: 'gateway', unreachable: true }),
      ],
    ])(
      'should learn the state and no name in the cluster where %s',
      async (_, change) => {
        await connectGateway(config);
        await change();
        await startForReaders(config);
        const shown = await getIntegration();
        await backend.stop();
        await start();
        const whole = await getIntegration();

        const idsOf = ({ problems, state }: Integration) => [
          state,
          ...problems.map(({ id }) => id),
        ];
        expect(idsOf(shown)).toEqual(idsOf(whole));
        const known = (integration: Integration) =>
          names().filter(name =>
            inspect(integration, { depth: Infinity }).includes(name),
          );
        expect(known(shown)).toEqual([]);
        expect(known(whole)).not.toEqual([]);
      },
    );

    it('should not learn which file cannot be read', async () => {
      const caFile = '/etc/portal/prod-eu-1.pem';
      const broken = gatewayConfig(sandbox, { caFile });
      await startForReaders(broken);
      const shown = await get('hoop');
      expect(shown.status).toBe(503);
      expect(shown.text).not.toContain(caFile);
      expect(shown.body.error.message).toContain(
        'named as hoopAuthentik.gateways[name=main].caFile in app-config cannot be read (ENOENT)',
      );
    });
  });

  describe('a request that is refused', () => {
    it('should be observed once for those who ask within seconds, whether or not they wait', async () => {
      await start();
      const { seq } = await sandbox.control.requests();
      const url = `http://127.0.0.1:${backend.server.port()}${PATH}/hoop`;
      for (let time = 0; time < 5; time++) {
        // The browser leaves before it is answered.
        await fetch(url, { signal: AbortSignal.timeout(30) }).catch(() => {});
      }
      const answers = await Promise.all(
        Array.from({ length: 5 }, () => get('hoop')),
      );
      const moments = answers.map(({ body }) => body.observedAt);
      expect(new Set(moments).size).toBe(1);
      const { requests } = await sandbox.control.requests(seq);
      const observations = requests.filter(({ path }) =>
        path.includes('/core/applications/hoop/'),
      );
      expect(observations).toHaveLength(1);
      await laterOn();
      // And remembered.
      expect((await get('hoop')).body.observedAt).toBe(moments[0]);
    });

    it('should be answered 401 without credentials', async () => {
      await start();

      const { status } = await request(backend.server)
        .get(`${PATH}/hoop`)
        .set('authorization', mockCredentials.none.header());

      expect(status).toBe(401);
    });

    it('should be answered 403 without the permission on the entity, before anything is looked at', async () => {
      const { permissions } = await start(config, AuthorizeResult.DENY);
      const { seq } = await sandbox.control.requests();

      const { status, body } = await get('hoop');

      expect(status).toBe(403);
      expect(body.error).toMatchObject({
        name: 'NotAllowedError',
        message:
          'The permission hoop-authentik.integration.read is required for resource:default/hoop',
      });
      expect(permissions.authorize).toHaveBeenCalledWith(
        [
          {
            permission: hoopAuthentikIntegrationReadPermission,
            resourceRef: 'resource:default/hoop',
          },
        ],
        { credentials: expect.anything() },
      );
      expect((await sandbox.control.requests(seq)).requests).toEqual([]);
    });

    it.each([
      [
        'an unknown entity',
        'nothing',
        'There is no entity resource:default/nothing',
      ],
      [
        'an entity without the annotation',
        'unattached',
        'The entity resource:default/unattached is not attached to a gateway: it has no annotation hoop.dev/gateway. Add the annotation.',
      ],
      [
        'an entity of an unknown gateway',
        'elsewhere',
        'Unknown gateway "nowhere". Expected one of those declared under hoopAuthentik.gateways in app-config: main.',
      ],
    ])('should be answered 404 for %s', async (_, name, message) => {
      await start();

      const { status, body } = await get(name);

      expect(status).toBe(404);
      expect(body.error).toMatchObject({ name: 'NotFoundError', message });
    });

    it('should name the slug of an annotation that authentik would not take', async () => {
      await start();
      const { seq } = await sandbox.control.requests();

      const { status, body } = await get('bad-slug');

      expect(status).toBe(400);
      expect(body.error.message).toContain('found "../x"');
      expect((await sandbox.control.requests(seq)).requests).toEqual([]);
    });
  });

  describe('without configuration', () => {
    it('should start and warn', async () => {
      await start({});

      expect(inspect(log, { depth: 4 })).toContain(
        'No gateway is declared under hoopAuthentik.gateways in app-config',
      );
      const { status, body } = await get('hoop');
      expect(status).toBe(404);
      expect(body.error.message).toContain('there are none yet');
    });
  });
});
