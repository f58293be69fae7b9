import { setTimeout as sleep } from 'node:timers/promises';
import {
  coreServices,
  createServiceFactory,
} from '@backstage/backend-plugin-api';
import {
  mockServices,
  startTestBackend,
  TestDatabases,
} from '@backstage/backend-test-utils';
import type { Entity } from '@backstage/catalog-model';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import { notificationService } from '@backstage/plugin-notifications-node';
import type { Knex } from 'knex';
import { startSandboxProcess, type SandboxProcess } from 'sandbox';
import request from 'supertest';
import { connectGateway } from '../__testUtils__/connectGateway';
import { gatewayConfig } from '../__testUtils__/gatewayConfig';
import { hoopAuthentikPlugin } from '../plugin';
import { SWEEP_TASK } from '../schedule';

jest.setTimeout(120_000);

const databases = TestDatabases.create({
  ids: ['SQLITE_3', 'POSTGRES_15'],
  disableDocker: true,
});

const API = '/api/hoop-authentik';
const HOOP = `${API}/integrations/by-entity/resource/default/hoop`;

function entity(name: string, gateway: string): Entity {
  return {
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Resource',
    metadata: {
      name,
      namespace: 'default',
      annotations: { 'hoop.dev/gateway': gateway },
    },
    relations: [{ type: 'ownedBy', targetRef: 'group:default/sre' }],
  };
}

describe.each(databases.eachSupportedId())(
  'the sweep of a backend on %s',
  databaseId => {
    let sandbox: SandboxProcess;
    let backend: Awaited<ReturnType<typeof startTestBackend>>;
    let database: Knex;
    const scheduler = mockServices.scheduler();
    const sent: unknown[] = [];
    const events: unknown[] = [];
    const log: unknown[] = [];

    beforeAll(async () => {
      sandbox = await startSandboxProcess({ rolloutDelayMs: 50 });
      const config = gatewayConfig(sandbox, { title: 'Company gateway' });
      await connectGateway(config);
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
      database = await databases.init(databaseId);
      backend = await startTestBackend({
        features: [
          hoopAuthentikPlugin,
          mockServices.rootConfig.factory({ data: config }),
          logger.factory,
          createServiceFactory({
            service: coreServices.scheduler,
            deps: {},
            factory: () => scheduler,
          }),
          mockServices.database.mock({
            getClient: async () => database,
            migrations: { skip: false },
          }).factory,
          mockServices.events.mock({
            publish: async event => {
              events.push(event);
            },
          }).factory,
          createServiceFactory({
            service: notificationService,
            deps: {},
            factory: () => ({
              send: async notification => {
                sent.push(notification);
              },
            }),
          }),
          catalogServiceMock.factory({
            entities: [entity('hoop', 'main'), entity('typo', 'mian')],
          }),
        ],
      });
    });

    afterAll(async () => {
      await backend?.stop();
      await sandbox?.stop();
    });

    const sweep = () => scheduler.triggerTask(SWEEP_TASK);
    const read = async (path: string) =>
      (await request(backend.server).get(path)).body;

    it('should list every entity with its state, and those of unknown gateways with a hint', async () => {
      await sweep();
      const { items } = await read(`${API}/integrations`);
      expect(items).toMatchObject([
        {
          entityRef: 'resource:default/hoop',
          owner: 'group:default/sre',
          state: 'connected',
          gateway: { name: 'main', targetType: 'kubernetes' },
          complete: true,
          stale: false,
          keyExpiry: expect.any(String),
          checkedAt: expect.any(String),
        },
        {
          entityRef: 'resource:default/typo',
          gateway: { name: 'mian' },
          error: expect.stringContaining(
            'Unknown gateway "mian". Did you mean "main"?',
          ),
        },
      ]);
      const inSweep = await read(HOOP);
      await request(backend.server).post(`${HOOP}/refresh`);
      while ((await read(HOOP)).refreshing) {
        await sleep(20);
      }
      const onDemand = await read(HOOP);
      const outcomes = (report: typeof inSweep) =>
        report.checks.map(({ id, status }: typeof inSweep) => [id, status]);
      expect(outcomes(inSweep)).toEqual(outcomes(onDemand));
    });

    it('should ask authentik for lists only once it knows the applications', async () => {
      await sweep();
      const { seq } = await sandbox.control.requests();
      await sweep();
      const { requests } = await sandbox.control.requests(seq);
      const asked = requests
        .filter(({ system, from }) => system === 'authentik' && !from)
        .map(({ path }) => path.replace(/\?.*/, ''));
      expect(asked.sort()).toEqual([
        '/api/v3/core/groups/',
        '/api/v3/crypto/certificatekeypairs/',
        '/api/v3/policies/bindings/',
        '/api/v3/providers/oauth2/',
      ]);
    });

    it('should keep what it knew through an outage, probe once a sweep, and notify once when it begins and once when it ends', async () => {
      sent.length = 0;
      events.length = 0;
      await sandbox.control.faults({ system: 'authentik', unreachable: true });
      const { seq } = await sandbox.control.requests();
      const SWEEPS = 6;
      for (let index = 0; index < SWEEPS; index++) {
        await sweep();
      }
      const { requests } = await sandbox.control.requests(seq);
      const probes = requests.filter(
        ({ system, from }) => system === 'authentik' && !from,
      );
      // One request a sweep, which the client repeats twice.
      expect(probes.length).toBeLessThanOrEqual(3 * SWEEPS);

      const during = await read(HOOP);
      expect(during).toMatchObject({
        state: 'unreachable',
        stale: true,
        lastGood: { state: 'connected', observedAt: expect.any(String) },
      });
      expect(Date.parse(during.lastGood.observedAt)).toBeLessThan(
        Date.parse(during.checkedAt),
      );

      await sandbox.control.clearFaults();
      await sweep();
      expect(await read(HOOP)).toMatchObject({
        state: 'connected',
        stale: false,
      });
      expect(sent).toEqual([
        {
          recipients: { type: 'entity', entityRef: 'group:default/sre' },
          payload: expect.objectContaining({
            title: expect.stringContaining('Company gateway is unreachable'),
            link: '/catalog/default/resource/hoop',
            severity: 'high',
          }),
        },
        {
          recipients: { type: 'entity', entityRef: 'group:default/sre' },
          payload: expect.objectContaining({
            title: 'Company gateway is connected to authentik again',
          }),
        },
      ]);
      expect(
        events.filter(event =>
          JSON.stringify(event).includes('hoop-authentik.integration-state'),
        ),
      ).toHaveLength(2);
      const { items } = await read(`${HOOP}/history`);
      expect(items).toMatchObject([
        { kind: 'state', from: 'unreachable', to: 'connected' },
        { kind: 'state', from: 'connected', to: 'unreachable' },
        { kind: 'state', to: 'connected' },
      ]);
    });

    it('should show who may sign in, and what a gateway can be given', async () => {
      expect(await read(`${HOOP}/access`)).toMatchObject({
        everyone: true,
        mode: 'any',
        grants: [],
        signIns: expect.any(Array),
      });
      expect((await read(`${API}/gateways`)).items).toMatchObject([
        { name: 'main', targetType: 'kubernetes', adminGroup: 'admin' },
      ]);
      expect((await read(`${API}/gateways/main/groups`)).items).toContainEqual({
        name: 'admin',
        memberCount: expect.any(Number),
      });
      expect(
        (await read(`${API}/gateways/main/certificates`)).items,
      ).toContainEqual(
        expect.objectContaining({
          usable: true,
          usedBy: [expect.stringContaining('Provider for')],
        }),
      );
      const flows = `${API}/gateways/main/flows?designation=authorization`;
      expect((await read(flows)).items).toContainEqual(
        expect.objectContaining({ designation: 'authorization' }),
      );
    });

    it('should fail where the bindings have gone that there were, through an outage, until there are some again', async () => {
      const { url, token } = sandbox.authentik;
      const call = async (method: string, path: string, body?: object) => {
        const answer = await fetch(`${url}/api/v3${path}`, {
          method,
          headers: {
            authorization: `Bearer ${token}`,
            'content-type': 'application/json',
          },
          body: body && JSON.stringify(body),
        });
        return answer.status === 204 ? undefined : answer.json();
      };
      const bindNewGroup = async (name: string) => {
        const { pk: target } = await call('GET', '/core/applications/hoop/');
        const { pk: group } = await call('POST', '/core/groups/', { name });
        await call('POST', '/policies/bindings/', { target, group, order: 0 });
        return group;
      };
      const swept = async () => {
        await sweep();
        const { state, checks } = await read(HOOP);
        return [
          state,
          checks.find(({ id }: { id: string }) => id === 'authentik.bindings')
            .status,
        ];
      };
      expect(await swept()).toEqual(['connected', 'warn']);
      const group = await bindNewGroup('short-lived');
      expect(await swept()).toEqual(['connected', 'pass']);

      await call('DELETE', `/core/groups/${group}/`);
      expect(await swept()).toEqual(['drifted', 'fail']);
      await sandbox.control.faults({ system: 'authentik', unreachable: true });
      expect(await swept()).toEqual(['unreachable', 'unknown']);
      await sandbox.control.clearFaults();
      expect(await swept()).toEqual(['drifted', 'fail']);
      await request(backend.server).post(`${HOOP}/refresh`);
      while ((await read(HOOP)).refreshing) {
        await sleep(20);
      }
      expect(await read(HOOP)).toMatchObject({ state: 'drifted' });
      expect(JSON.stringify(await read(HOOP))).not.toContain('"bound"');

      await bindNewGroup('lasting');
      expect(await swept()).toEqual(['connected', 'pass']);
    });

    it('should answer 304 where nothing has changed', async () => {
      const { headers } = await request(backend.server).get(HOOP);
      expect(headers['cache-control']).toBe('private, no-cache');
      const { status } = await request(backend.server)
        .get(HOOP)
        .set('if-none-match', headers.etag);
      expect(status).toBe(304);
    });

    it('should have no secret in any table, answer, event, notification or log line', async () => {
      const secrets = (await sandbox.control.secrets()).filter(
        secret => secret.length >= 8,
      );
      expect(secrets.length).toBeGreaterThan(3);
      const tables = await (databaseId === 'SQLITE_3'
        ? database('sqlite_master').where({ type: 'table' }).pluck('name')
        : database('information_schema.tables')
            .where({ table_schema: 'public' })
            .pluck('table_name'));
      expect(tables).toEqual(
        expect.arrayContaining([
          'integrations',
          'integration_reports',
          'history',
          'gateway_leases',
        ]),
      );
      const shown = JSON.stringify([
        await Promise.all(tables.map(table => database(table).select())),
        await Promise.all(
          [
            HOOP,
            `${HOOP}/history`,
            `${HOOP}/access`,
            `${API}/integrations`,
            `${API}/gateways`,
            `${API}/gateways/main/groups`,
            `${API}/gateways/main/certificates`,
            `${API}/gateways/main/flows`,
          ].map(read),
        ),
        sent,
        events,
        log,
      ]);
      expect(shown.length).toBeGreaterThan(5_000);
      expect(secrets.filter(secret => shown.includes(secret))).toEqual([]);
    });
  },
);
