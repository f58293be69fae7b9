import { mockServices, TestDatabases } from '@backstage/backend-test-utils';
import { RUN_LEASE_MS } from 'backstage-plugin-hoop-authentik-node/alpha';
import type { Knex } from 'knex';
import { DatabaseRunStore } from './DatabaseRunStore';

jest.setTimeout(60_000);

const GATEWAY = 'main';
const A = { gateway: GATEWAY, runId: 'a' };
const B = { gateway: GATEWAY, runId: 'b' };
const connecting = { taskId: 'task-1', action: 'hoop:gateway:configure' };
const A_HOLDS = { runId: 'a', ...connecting };
const rotating = { taskId: 'task-2', action: 'hoop:gateway:rotateSecret' };
const PROVIDER = {
  system: 'https://auth.company',
  kind: 'provider',
  name: 'Provider for Hoop',
  proof: 'client-id',
} as const;

const SWITCH = {
  since: '2026-11-28T10:00:00.000Z',
  previousMethod: 'local',
  written: `${'A'.repeat(43)}=`,
} as const;

const databases = TestDatabases.create({ disableDocker: true });

describe.each(databases.eachSupportedId())('DatabaseRunStore on %s', id => {
  let knex: Knex;
  let store: DatabaseRunStore;

  beforeAll(async () => {
    knex = await databases.init(id);
    store = await DatabaseRunStore.create(
      mockServices.database.mock({
        getClient: async () => knex,
        migrations: { skip: false },
      }),
    );
  });

  afterEach(async () => {
    await knex('gateway_leases').delete();
    await knex('created_objects').delete();
    await knex('stored_switches').delete();
  });

  /** As if the run had not been heard of for that long. */
  async function age(ms: number) {
    await knex('gateway_leases').decrement('expires_at', ms);
  }

  it('should give a gateway to the first run, and name that run to the second', async () => {
    const first = await store.acquire({ ...A, ...connecting });
    expect(first).toEqual({
      runId: 'a',
      ...connecting,
      since: expect.any(String),
    });
    expect(Math.abs(Date.parse(first.since) - Date.now())).toBeLessThan(60_000);
    expect(await store.acquire({ ...B, ...rotating })).toEqual(first);
  });

  it('should give different gateways to different runs', async () => {
    await store.acquire({ ...A, ...connecting });
    const other = { ...B, gateway: 'other' };
    expect(await store.acquire({ ...other, ...rotating })).toMatchObject({
      runId: 'b',
    });
  });

  it('should give a gateway to exactly one of many that ask in the same moment', async () => {
    const runs = Array.from({ length: 20 }, (_, index) => `run-${index}`);
    const holders = await Promise.all(
      runs.map(runId =>
        store.acquire({ gateway: GATEWAY, runId, ...connecting }),
      ),
    );
    expect(new Set(holders.map(({ runId }) => runId)).size).toBe(1);
  });

  it('should give a lease that is released while it is requested to the run that asks', async () => {
    for (let round = 0; round < 20; round++) {
      await store.acquire({ ...A, ...connecting });
      const [{ runId }] = await Promise.all([
        store.acquire({ ...B, ...rotating }),
        store.release(A),
      ]);
      // It may have asked before or after.
      expect(['a', 'b']).toContain(runId);
      await store.release(B);
    }
  });

  it('should keep a lease that is renewed, and hand one on that expired', async () => {
    await store.acquire({ ...A, ...connecting });
    await age(RUN_LEASE_MS - 1_000);
    expect(await store.renew(A)).toBe(true);
    await age(RUN_LEASE_MS - 1_000);
    expect(await store.acquire({ ...B, ...rotating })).toMatchObject(A_HOLDS);
    await age(2_000);
    expect(await store.acquire({ ...B, ...rotating })).toMatchObject({
      runId: 'b',
      ...rotating,
    });
    expect(await store.renew(A)).toBe(false);
    await store.release(A);
    expect(await store.renew(B)).toBe(true);
  });

  it('should be free again once it is released', async () => {
    await store.acquire({ ...A, ...connecting });
    await store.release(A);
    expect(await store.acquire({ ...B, ...rotating })).toMatchObject({
      runId: 'b',
    });
  });

  it('should remember what was created until it is removed, and only on the word of the run that holds the gateway', async () => {
    await store.acquire({ ...A, ...connecting });
    expect(await store.addCreated(B, PROVIDER)).toBe(false);
    expect(await store.listCreated(GATEWAY)).toEqual([]);
    expect(await store.addCreated(A, PROVIDER)).toBe(true);
    expect(await store.addCreated(A, PROVIDER)).toBe(true);
    await store.release(A);
    await store.acquire({ ...B, ...rotating });
    expect(await store.listCreated(GATEWAY)).toEqual([PROVIDER]);
    expect(await store.listCreated('other')).toEqual([]);
    expect(await store.removeCreated(A, PROVIDER)).toBe(false);
    expect(await store.removeCreated(B, PROVIDER)).toBe(true);
    expect(await store.listCreated(GATEWAY)).toEqual([]);
  });

  it('should remember of each name what was recorded last, and forget it whatever its proof', async () => {
    const { proof: _, ...unproven } = PROVIDER;
    await store.acquire({ ...A, ...connecting });
    await store.addCreated(A, PROVIDER);
    await store.addCreated(A, { ...PROVIDER, proof: 'another' });
    expect(await store.listCreated(GATEWAY)).toEqual([
      { ...PROVIDER, proof: 'another' },
    ]);
    await store.addCreated(A, unproven);
    expect(await store.listCreated(GATEWAY)).toStrictEqual([unproven]);
    await store.addCreated(A, PROVIDER);
    await store.removeCreated(A, unproven);
    expect(await store.listCreated(GATEWAY)).toEqual([]);
  });

  it('should remember the switch of a gateway, and only on the word of the run that holds it', async () => {
    await store.acquire({ ...A, ...connecting });
    expect(await store.getSwitch(GATEWAY)).toBeUndefined();
    expect(await store.setSwitch(B, SWITCH)).toBe(false);
    expect(await store.setSwitch(A, SWITCH)).toBe(true);
    const later = { ...SWITCH, previousMethod: 'saml' } as const;
    expect(await store.setSwitch(A, later)).toBe(true);
    await store.release(A);
    await store.acquire({ ...B, ...rotating });
    expect(await store.getSwitch(GATEWAY)).toEqual(later);
    expect(await store.getSwitch('other')).toBeUndefined();
    expect(await store.setSwitch(A, undefined)).toBe(false);
    expect(await store.setSwitch(B, undefined)).toBe(true);
    expect(await store.getSwitch(GATEWAY)).toBeUndefined();
  });
});
