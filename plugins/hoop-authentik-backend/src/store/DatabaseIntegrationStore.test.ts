import { mockServices, TestDatabases } from '@backstage/backend-test-utils';
import { integrationQuerySchema } from 'backstage-plugin-hoop-authentik-common';
import type { Knex } from 'knex';
import {
  reportNamed,
  sourceNamed,
  unreachableNamed,
} from '../__testUtils__/integrations';
import { DatabaseIntegrationStore } from './DatabaseIntegrationStore';

jest.setTimeout(60_000);

const HOUR = 3_600_000;
const databases = TestDatabases.create({ disableDocker: true });
const idOf = (name: string) => `resource:default/${name}`;
const at = (ms: number) => new Date(Date.now() + ms).toISOString();

describe.each(databases.eachSupportedId())(
  'DatabaseIntegrationStore on %s',
  databaseId => {
    let knex: Knex;
    let store: DatabaseIntegrationStore;

    beforeAll(async () => {
      knex = await databases.init(databaseId);
      store = await DatabaseIntegrationStore.create(
        mockServices.database.mock({
          getClient: async () => knex,
          migrations: { skip: false },
        }),
        { staleAfterMs: HOUR },
      );
    });

    afterEach(async () => {
      for (const table of [
        'integrations',
        'integration_reports',
        'history',
        'gateway_leases',
      ]) {
        await knex(table).delete();
      }
    });

    const page = async (query: object = {}) => {
      const { rows } = await store.list(integrationQuerySchema.parse(query));
      return rows.map(({ summary }) => summary);
    };
    const list = async (query: object = {}) =>
      (await page(query)).map(({ gateway }) => gateway.name);
    const history = async (name: string) =>
      (await store.history({ id: idOf(name), gateway: name }, { limit: 50 }))
        .items;

    it('should remember that an application was bound, until it is of another one', async () => {
      await store.sync([sourceNamed('a')]);
      const remembered = async () => [
        (await store.sources())[0].bound,
        (await store.get(idOf('a')))?.bound,
      ];
      expect(await remembered()).toEqual([false, false]);
      await store.record(idOf('a'), { ...reportNamed('a'), bound: true });
      expect(await remembered()).toEqual([true, true]);
      await store.put(sourceNamed('a', { owner: 'group:default/others' }));
      expect(await remembered()).toEqual([true, true]);
      await store.put(sourceNamed('a', { application: 'b' }));
      expect(await remembered()).toEqual([false, false]);
    });

    it('should list what is attached before it was observed', async () => {
      await store.sync([sourceNamed('a'), sourceNamed('b')]);
      const items = await page();
      expect(items[0]).toEqual({
        id: idOf('a'),
        entityRef: idOf('a'),
        owner: 'group:default/sre',
        gateway: {
          name: 'a',
          title: 'Gateway a',
          url: 'https://a.company',
          targetType: 'kubernetes',
        },
        authentik: 'default',
        application: 'a',
        warnings: 0,
        complete: false,
        problems: 0,
        stale: false,
      });
      expect(items).toHaveLength(2);
    });

    it('should remember an observation, when its state began, and what it was before', async () => {
      await store.sync([sourceNamed('a')]);
      const first = reportNamed('a', { observedAt: at(-3_000) });
      await store.record(idOf('a'), first);
      await store.record(
        idOf('a'),
        reportNamed('a', { observedAt: at(-2_000) }),
      );
      const { summary, report } = (await store.get(idOf('a')))!;
      expect(report?.observedAt).not.toBe(first.observedAt);
      expect(summary).toMatchObject({
        state: 'connected',
        since: first.observedAt,
        checkedAt: report?.observedAt,
        keyExpiry: '2027-05-01T00:00:00.000Z',
        gateway: { version: '1.148.0' },
        stale: false,
      });
      expect(await history('a')).toEqual([
        {
          kind: 'state',
          id: expect.any(String),
          at: first.observedAt,
          to: 'connected',
          problems: [],
        },
      ]);
      expect(await store.unpublished()).toEqual([]);
    });

    it('should keep what was last known while a system does not answer', async () => {
      await store.sync([sourceNamed('a')]);
      const good = reportNamed('a', { observedAt: at(-5_000) });
      await store.record(idOf('a'), good);
      await store.record(
        idOf('a'),
        unreachableNamed('a', { observedAt: at(-4_000) }),
      );
      const later = unreachableNamed('a', { observedAt: at(-3_000) });
      await store.record(idOf('a'), later);
      expect(await store.get(idOf('a'))).toMatchObject({
        summary: {
          state: 'unreachable',
          stale: true,
          checkedAt: later.observedAt,
          problem: { id: 'authentik.unreachable' },
        },
        report: later,
        lastGood: good,
      });
      await store.record(idOf('a'), reportNamed('a'));
      const { lastGood, summary } = (await store.get(idOf('a')))!;
      expect(lastGood).toBeUndefined();
      expect(summary.stale).toBe(false);
    });

    it('should announce once that an integration left connected, and once that it is back', async () => {
      await store.sync([sourceNamed('a')]);
      const states = [
        'drifted',
        'connected',
        'pending',
        'unreachable',
        'down',
        'connected',
      ] as const;
      for (const [index, state] of states.entries()) {
        await store.record(
          idOf('a'),
          reportNamed('a', { state, observedAt: at(index - 100) }),
        );
      }
      const news = await store.unpublished();
      expect(
        news.map(({ from, to, announcement }) => [from, to, announcement]),
      ).toEqual([
        ['drifted', 'connected', undefined],
        ['connected', 'pending', undefined],
        ['pending', 'unreachable', 'left'],
        ['unreachable', 'down', undefined],
        ['down', 'connected', 'back'],
      ]);
      const claims = await Promise.all(
        Array.from({ length: 5 }, () => store.claim(news[0].historyId)),
      );
      expect(claims.filter(Boolean)).toHaveLength(1);
      await store.published(news[0].historyId);
      expect(await store.unpublished()).toHaveLength(4);
    });

    it('should write one change into the history, however many observe it at the same time', async () => {
      await store.sync([sourceNamed('a')]);
      await store.record(idOf('a'), reportNamed('a', { observedAt: at(-9) }));
      await Promise.all(
        Array.from({ length: 8 }, () =>
          store.record(idOf('a'), reportNamed('a', { state: 'drifted' })),
        ),
      );
      expect(await history('a')).toHaveLength(2);
    });

    it('should not let an old observation replace a later one', async () => {
      await store.sync([sourceNamed('a')]);
      await store.record(idOf('a'), reportNamed('a'));
      await store.record(
        idOf('a'),
        reportNamed('a', { state: 'drifted', observedAt: at(-HOUR) }),
      );
      expect((await store.get(idOf('a')))?.summary.state).toBe('connected');
    });

    it('should call stale what was not checked for too long, and what could not be checked', async () => {
      await store.sync([sourceNamed('a'), sourceNamed('b')]);
      await store.record(
        idOf('a'),
        reportNamed('a', { observedAt: at(-2 * HOUR) }),
      );
      await store.record(idOf('b'), reportNamed('b'));
      await store.recordFailure(idOf('b'), 'The file cannot be read');
      const items = await page();
      expect(items).toMatchObject([
        { stale: true, state: 'connected' },
        { stale: true, state: 'connected', error: 'The file cannot be read' },
      ]);
    });

    it('should forget what is gone, and follow what was renamed', async () => {
      await store.sync([sourceNamed('a'), sourceNamed('b')]);
      for (const name of ['a', 'b']) {
        await store.record(idOf(name), reportNamed(name));
      }
      const renamed = sourceNamed('a', {
        id: idOf('new'),
        entityRef: idOf('new'),
      });
      await store.sync([renamed]);
      expect(await store.get(idOf('a'))).toBeUndefined();
      expect(await store.get(idOf('b'))).toBeUndefined();
      expect((await store.get(idOf('new')))?.summary).toMatchObject({
        entityRef: idOf('new'),
        state: 'connected',
      });
      expect(
        (await store.history({ id: idOf('new'), gateway: 'a' }, { limit: 9 }))
          .items,
      ).toHaveLength(1);
      expect(await knex('integration_reports').pluck('id')).toEqual([
        idOf('new'),
      ]);
      expect(await history('b')).toEqual([]);
    });

    it('should drop what it knows of an entity that moves to another application', async () => {
      await store.sync([sourceNamed('a')]);
      await store.record(idOf('a'), reportNamed('a'));
      await store.put(sourceNamed('a', { application: 'other' }));
      const remembered = await store.get(idOf('a'));
      expect(remembered?.report).toBeUndefined();
      expect(remembered?.summary.state).toBeUndefined();
    });

    it('should filter by state, gateway, owner, authentik and text', async () => {
      await store.sync([
        sourceNamed('a'),
        sourceNamed('b', { owner: 'group:default/data' }),
        sourceNamed('c', { authentik: 'second' }),
        sourceNamed('d_1', { error: 'Unknown gateway' }),
      ]);
      await store.record(
        idOf('a'),
        reportNamed('a', { state: 'drifted', warnings: 2 }),
      );
      expect(await list({ state: 'drifted' })).toEqual(['a']);
      expect(await list({ warnings: 'true' })).toEqual(['a']);
      expect(await list({ warnings: 'false' })).toEqual(['b', 'c', 'd_1']);
      expect(await list({ state: ['unobserved'] })).toEqual(['b', 'c', 'd_1']);
      expect(await list({ gateway: ['b', 'c'] })).toEqual(['b', 'c']);
      expect(await list({ owner: 'Group:default/Data' })).toEqual(['b']);
      expect(await list({ authentik: 'second' })).toEqual(['c']);
      expect(await list({ text: 'GATEWAY B' })).toEqual(['b']);
      expect(await list({ text: '_' })).toEqual(['d_1']);
      expect(await list({ text: '%' })).toEqual([]);
      expect((await store.sources()).map(({ id }) => id)).toEqual(
        ['a', 'b', 'c'].map(idOf),
      );
    });

    it.each([
      ['asc', ['down', 'drifted', 'connected', 'connected', 'connected']],
      ['desc', ['connected', 'connected', 'connected', 'drifted', 'down']],
    ])(
      'should page through a list sorted by state, %s',
      async (order, expected) => {
        const names = ['a', 'b', 'c', 'd', 'e'];
        await store.sync(names.map(name => sourceNamed(name)));
        for (const name of names) {
          await store.record(
            idOf(name),
            reportNamed(name, {
              state:
                ({ b: 'down', d: 'drifted' } as const)[name] ?? 'connected',
            }),
          );
        }
        const states: unknown[] = [];
        let cursor: string | undefined;
        do {
          const { rows, more } = await store.list(
            integrationQuerySchema.parse({
              sort: 'state',
              order,
              limit: 2,
              cursor,
            }),
          );
          states.push(...rows.map(({ summary }) => summary.state));
          cursor = more ? rows.at(-1)?.cursor : undefined;
        } while (cursor);
        expect(states).toEqual(expected);
      },
    );

    it.each(['nonsense', Buffer.from('{}').toString('base64url')])(
      'should refuse the cursor %s',
      async cursor => {
        await expect(list({ cursor })).rejects.toThrow('Expected a cursor');
      },
    );

    it('should remember runs with their outcome, and notice those that were lost', async () => {
      await store.sync([sourceNamed('a')]);
      const run = { gateway: 'a', action: 'hoop:gateway:configure' };
      await store.beginRun({
        ...run,
        runId: 'one',
        taskId: 't',
        user: 'user:default/ann',
      });
      await store.beginRun({ ...run, runId: 'one', taskId: 't' });
      await store.endRun('one', 'failed');
      await store.beginRun({ ...run, runId: 'two', taskId: 'u' });
      expect(await history('a')).toMatchObject([
        { kind: 'run', taskId: 'u', outcome: 'running' },
        {
          kind: 'run',
          action: 'hoop:gateway:configure',
          outcome: 'failed',
          user: 'user:default/ann',
          endedAt: expect.any(String),
        },
      ]);
      await store.prune(HOUR);
      expect(await history('a')).toMatchObject([
        { outcome: 'lost' },
        { outcome: 'failed' },
      ]);
    });

    it('should keep a bounded history, and page through it', async () => {
      await store.sync([sourceNamed('a')]);
      for (let index = 0; index < 210; index++) {
        await store.record(
          idOf('a'),
          reportNamed('a', {
            state: index % 2 ? 'connected' : 'drifted',
            observedAt: at(index - 1_000),
          }),
        );
      }
      const of = { id: idOf('a'), gateway: 'a' };
      const first = await store.history(of, { limit: 150 });
      const rest = await store.history(of, {
        limit: 150,
        cursor: first.nextCursor,
      });
      expect(first.items).toHaveLength(150);
      expect(rest.items).toHaveLength(50);
      expect(rest.nextCursor).toBeUndefined();
      await expect(
        store.history(of, { limit: 1, cursor: "1' or 1=1" }),
      ).rejects.toThrow('Expected a cursor');
      await store.prune(-HOUR);
      expect((await store.history(of, { limit: 1 })).items).toEqual([]);
    });

    it('should give what is counted, whatever page, state and owner are asked for', async () => {
      await store.sync([
        sourceNamed('a'),
        sourceNamed('b', { owner: undefined }),
        sourceNamed('c'),
      ]);
      await store.record(idOf('a'), reportNamed('a', { warnings: 1 }));
      const counted = (query: object, most = 10) =>
        store.counted(integrationQuerySchema.parse(query), most);
      const a = {
        entityRef: idOf('a'),
        owner: 'group:default/sre',
        gateway: 'a',
        authentik: 'default',
        state: 'connected',
        warnings: 1,
      };
      const query = {
        state: 'drifted',
        owner: 'group:default/x',
        authentik: 'x',
        limit: 1,
      };
      expect(await counted({ ...query, gateway: ['a', 'b'] })).toEqual({
        rows: [
          a,
          {
            ...a,
            entityRef: idOf('b'),
            gateway: 'b',
            owner: undefined,
            state: undefined,
            warnings: 0,
          },
        ],
        more: false,
      });
      expect(await counted({ text: 'gateway a' })).toEqual({
        rows: [a],
        more: false,
      });
      expect(await counted({}, 2)).toMatchObject({
        rows: [{ gateway: 'a' }, { gateway: 'b' }],
        more: true,
      });
    });

    it('should count the integrations in each state', async () => {
      await store.sync([sourceNamed('a'), sourceNamed('b')]);
      await store.record(idOf('a'), reportNamed('a'));
      expect(Object.fromEntries(await store.countStates())).toEqual({
        connected: 1,
        unobserved: 1,
      });
    });
  },
);
