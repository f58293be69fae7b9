import { setTimeout as sleep } from 'node:timers/promises';
import { inspect } from 'node:util';
import { TestDatabases } from '@backstage/backend-test-utils';
import scaffolder from '@backstage/plugin-scaffolder-backend';
import scaffolderModule from 'backstage-plugin-scaffolder-backend-module-hoop-authentik';
import type { Knex } from 'knex';
import { startSandboxProcess, type SandboxProcess } from 'sandbox';
import {
  gatewayEntity,
  groupEntity,
  startPortal,
  templateEntity,
  userEntity,
  type Portal,
} from './__testUtils__/portal';

jest.setTimeout(120_000);

const HOUR_MS = 60 * 60 * 1000;
const ENTITY = 'resource:default/hoop';
const REASON = 'On call for payments this week';

const databases = TestDatabases.create({
  disableDocker: true,
  ids: ['SQLITE_3'],
});

/** The whole way through the real scaffolder: the developer asks, the owner, who may manage no gateway, decides. */
describe('a request', () => {
  let sandbox: SandboxProcess;
  let knex: Knex;
  let portal: Portal;

  beforeAll(async () => {
    sandbox = await startSandboxProcess({ rolloutDelayMs: 0 });
    knex = await databases.init('SQLITE_3');
    const { authentik, gateway } = sandbox;
    portal = await startPortal({
      config: {
        hoopAuthentik: {
          requests: { usersBy: 'annotation' },
          authentik: [
            { baseUrl: authentik.url, token: authentik.tokens.leastPrivilege },
          ],
          gateways: [
            {
              name: 'main',
              title: 'Main gateway',
              url: gateway.url,
              apiKey: gateway.apiKey,
              application: 'hoop',
              allowedGroups: ['engineering'],
              target: { type: 'gatewayApi' },
            },
          ],
        },
        scaffolder: { concurrentTasksLimit: 2 },
      },
      entities: [
        gatewayEntity('hoop', 'main'),
        userEntity('bob', { 'goauthentik.io/username': 'bob' }),
        userEntity('alice'),
        groupEntity('finance'),
        groupEntity('sre'),
        templateEntity('connect-gateway'),
        templateEntity('grant-access'),
        templateEntity('request-connection'),
      ],
      features: [scaffolder, scaffolderModule],
      groups: {
        bob: ['group:default/finance'],
        alice: ['group:default/sre'],
      },
      denies: permission => permission === 'hoop-authentik.gateway.manage',
      knex,
    });
  });

  afterAll(async () => {
    await portal?.stop();
    await sandbox?.stop();
  });

  const ask = async (body: object) => {
    const answer = await portal
      .as('bob')
      .post('requests', { entityRef: ENTITY, reason: REASON, ...body });
    expect([answer.status, answer.body.error]).toEqual([200, undefined]);
    return answer.body;
  };

  async function approve(id: string) {
    const { body } = await portal.as('alice').get(`requests/${id}`);
    expect(body).toMatchObject({ may: { decide: true } });
    expect(body.plan).not.toHaveProperty('refusal');
    const answer = await portal.as('alice').post(`requests/${id}/decision`, {
      decision: 'approve',
      planDigest: body.plan.digest,
    });
    expect([answer.status, answer.body.error]).toEqual([200, undefined]);
    return { plan: body.plan };
  }

  async function ended(id: string) {
    for (;;) {
      const { body } = await portal.as('bob').get(`requests/${id}`);
      if (!['approved', 'running'].includes(body.state)) {
        return body;
      }
      await sleep(250);
      await portal.upkeep();
    }
  }

  async function bindings() {
    const response = await fetch(
      `${sandbox.authentik.url}/api/v3/policies/bindings/`,
      { headers: { authorization: `Bearer ${sandbox.authentik.token}` } },
    );
    const { results } = await response.json();
    return results.map(
      (one: any) => one.group_obj?.name ?? one.user_obj?.username,
    );
  }

  it('should connect a gateway, grant access and end it', async () => {
    expect(
      await portal.as('bob').scaffold('request-connection', {
        entity: ENTITY,
        reason: REASON,
      }),
    ).toMatchObject({ status: 'completed' });
    const { request: connect } = await ask({ kind: 'connect' });
    expect((await ask({ kind: 'connect' })).created).toBe(false);
    const { plan } = await approve(connect.id);
    expect(plan.changes.length).toBeGreaterThan(5);
    expect(await ended(connect.id)).toMatchObject({
      state: 'completed',
      decidedBy: 'user:default/alice',
      taskId: expect.any(String),
    });
    expect(await bindings()).toEqual(['engineering']);

    const until = new Date(Date.now() + HOUR_MS).toISOString();
    const { request: access } = await ask({
      kind: 'access',
      subject: 'group:default/finance',
      until,
    });
    expect((await approve(access.id)).plan.changes).toMatchObject([
      { field: 'binding group "finance"', to: `enabled until ${until}` },
    ]);
    expect(await ended(access.id)).toMatchObject({
      state: 'completed',
      grant: { until },
    });
    expect(await bindings()).toEqual(['engineering', 'finance']);

    const own = await ask({ kind: 'access', subject: 'user:default/bob' });
    await approve(own.request.id);
    expect((await ended(own.request.id)).state).toBe('completed');
    expect(await bindings()).toContain('bob');
    const revoke = `requests/${own.request.id}/revocation`;
    expect((await portal.as('bob').post(revoke)).status).toBe(403);
    const revoked = await portal.as('alice').post(revoke);
    expect(revoked.body.grant).toMatchObject({ ended: 'revoked' });
    expect((await portal.as('alice').post(revoke)).status).toBe(409);
    expect(await bindings()).toEqual(['engineering', 'finance']);

    await knex('access_grants').update({ until: Date.now() - 1 });
    await Promise.all([portal.upkeep(), portal.upkeep()]);
    await portal.upkeep();
    expect(await bindings()).toEqual(['engineering']);
    expect((await ended(access.id)).grant).toMatchObject({ ended: 'expired' });

    const told = portal.sent.map(({ recipients, payload }) => [
      [recipients.entityRef].flat().join(),
      payload.title,
    ]);
    expect(told).toEqual([
      ['group:default/sre', 'bob asks for the connection of Main gateway'],
      [
        'user:default/bob',
        'Your request for the connection of Main gateway was approved',
      ],
      ['user:default/bob', 'Main gateway is connected to authentik'],
      ['group:default/sre', 'bob asks for access to Main gateway'],
      [
        'user:default/bob',
        'Your request for access to Main gateway was approved',
      ],
      [
        'user:default/bob',
        `You have access to Main gateway until ${until.slice(0, 10)}`,
      ],
      ['group:default/sre', 'bob asks for access to Main gateway'],
      [
        'user:default/bob',
        'Your request for access to Main gateway was approved',
      ],
      ['user:default/bob', 'You have access to Main gateway'],
      ['user:default/bob', 'Access to Main gateway has ended'],
      ['user:default/bob', 'Access to Main gateway has ended'],
    ]);
    const events = portal.emitted.filter(
      ([what, id]: any) => what === 'success' && id === 'request-decide',
    );
    expect(events).toHaveLength(3);
    expect(events).toContainEqual([
      'success',
      'request-decide',
      {
        meta: expect.objectContaining({
          requester: 'user:default/bob',
          approver: 'user:default/alice',
          gateway: 'main',
        }),
      },
    ]);
    const secrets = await sandbox.control.secrets();
    const text = inspect([portal.emitted, await knex('requests')], {
      depth: 20,
      maxStringLength: null,
      maxArrayLength: null,
    });
    expect(secrets.filter(secret => text.includes(secret))).toEqual([]);
  });
});
