import { mockServices, TestDatabases } from '@backstage/backend-test-utils';
import type { Knex } from 'knex';
import { requestNamed } from '../__testUtils__/requests';
import {
  DatabaseRequestStore,
  type RequestListQuery,
  type RequestReader,
} from '.';

jest.setTimeout(60_000);

const DAY_MS = 24 * 60 * 60 * 1000;
const APPROVAL = { by: 'user:default/boss', planDigest: 'plan', attempt: 'a1' };
const QUERY: RequestListQuery = { view: 'mine', limit: 50 };

const reader = (changes: Partial<RequestReader> = {}): RequestReader => ({
  user: 'user:default/boss',
  gateways: ['main'],
  ownershipRefs: ['user:default/boss', 'group:default/sre'],
  allowSelfApproval: false,
  ...changes,
});

const databases = TestDatabases.create({ disableDocker: true });

describe.each(databases.eachSupportedId())('DatabaseRequestStore on %s', id => {
  let knex: Knex;
  let store: DatabaseRequestStore;

  beforeAll(async () => {
    knex = await databases.init(id);
    store = await DatabaseRequestStore.create(
      mockServices.database.mock({
        getClient: async () => knex,
        migrations: { skip: false },
      }),
    );
  });

  afterEach(async () => {
    for (const table of [
      'requests',
      'request_approvers',
      'request_news',
      'access_grants',
    ]) {
      await knex(table).delete();
    }
  });

  async function pending(name = 'a', changes = {}): Promise<string> {
    const { request } = await store.create(requestNamed(name, changes), 100);
    return request.id;
  }

  const stateOf = async (key: string) => (await store.get(key))?.state;
  const newsKinds = async () => (await store.news()).map(({ kind }) => kind);
  const ago = async (column: string, key: string, ms: number) =>
    knex('requests').where({ id: key }).decrement(column, ms);

  it('should remember what was asked for', async () => {
    const until = '2027-01-01T10:00:00.000Z';
    const asked = requestNamed('a', { until });
    const { request, created } = await store.create(asked, 1);
    expect(created).toBe(true);
    const { expiresAt: _, ...rest } = asked;
    expect(request).toMatchObject({ ...rest, state: 'pending' });
    expect(await store.get(request.id)).toEqual(request);
    expect(await store.get('unknown')).toBeUndefined();
  });

  it('should answer a duplicate with the open one, until that is closed', async () => {
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => store.create(requestNamed('a'), 100)),
    );
    expect(answers.filter(({ created }) => created)).toHaveLength(1);
    expect(new Set(answers.map(({ request }) => request.id)).size).toBe(1);
    expect(await newsKinds()).toEqual(['created']);
    await store.withdraw(answers[0].request.id);
    expect((await store.create(requestNamed('a'), 100)).created).toBe(true);
  });

  it.each([
    ['requester', { requester: 'user:default/other' }],
    ['end', { until: '2027-01-01T10:00:00.000Z' }],
    ['gateway', { gateway: { name: 'other', title: 'Other' } }],
    ['kind', { kind: 'connect', subject: undefined, groups: ['a'] }],
  ])('should take another %s for another request', async (_, changes) => {
    await pending();
    const other = requestNamed('a', changes as object);
    expect((await store.create(other, 100)).created).toBe(true);
  });

  it('should give a user no more than the limit, and take nothing of what is refused', async () => {
    await store.create(requestNamed('a'), 2);
    await store.create(requestNamed('b'), 2);
    await expect(store.create(requestNamed('c'), 2)).rejects.toThrow(
      'You have 2 open requests',
    );
    const other = requestNamed('c', { requester: 'user:default/other' });
    expect((await store.create(other, 2)).created).toBe(true);
    expect(await knex('request_approvers')).toHaveLength(3);
  });

  it('should let exactly one of many decide', async () => {
    const key = await pending();
    const done = await Promise.all([
      ...['a', 'b', 'c', 'd'].map(attempt =>
        store.approve(key, { ...APPROVAL, attempt }),
      ),
      store.decline(key, 'user:default/boss', 'no'),
      store.withdraw(key),
    ]);
    expect(done.filter(Boolean)).toHaveLength(1);
    expect(await newsKinds()).toHaveLength(2);
  });

  it('should give an approval to one task', async () => {
    const key = await pending();
    expect(await store.claim(key, 'a1', 'task-1')).toBe(false);
    await store.approve(key, APPROVAL);
    expect(await store.claim(key, 'another', 'task-1')).toBe(false);
    const claims = await Promise.all(
      ['task-1', 'task-2', 'task-3'].map(task => store.claim(key, 'a1', task)),
    );
    expect(claims.filter(Boolean)).toHaveLength(1);
    const { taskId = '', state } = (await store.get(key))!;
    expect(state).toBe('running');
    expect(await store.claim(key, 'a1', taskId)).toBe(true);
    expect(await store.end(key, 'a1', { state: 'completed' })).toBe(true);
    expect(await store.claim(key, 'a1', taskId)).toBe(false);
    expect(await store.end(key, 'a1', { state: 'completed' })).toBe(false);
    expect(await newsKinds()).toEqual(['created', 'approved', 'completed']);
  });

  it('should try a failed one again, for a new task only', async () => {
    const key = await pending();
    expect(await store.retry(key, APPROVAL)).toBe(false);
    await store.approve(key, APPROVAL);
    await store.claim(key, 'a1', 'task-1');
    const failure = 'x'.repeat(10_000);
    await store.end(key, 'a1', { state: 'failed', failure });
    expect((await store.get(key))!.failure).toHaveLength(2_000);
    const again = { ...APPROVAL, attempt: 'a2', planDigest: 'plan-2' };
    expect(await store.retry(key, again)).toBe(true);
    expect(await store.retry(key, again)).toBe(false);
    expect(await store.get(key)).toMatchObject({
      state: 'approved',
      attempt: 'a2',
      planDigest: 'plan-2',
      taskId: undefined,
      failure: undefined,
    });
    expect(await store.claim(key, 'a1', 'task-1')).toBe(false);
    expect(await store.end(key, 'a1', { state: 'completed' })).toBe(false);
    expect(await store.claim(key, 'a2', 'task-2')).toBe(true);
    expect(await store.underWay()).toMatchObject([{ id: key }]);
  });

  it('should expire what nobody decides in time, and let nobody decide it then', async () => {
    const key = await pending();
    await ago('expires_at', key, 8 * DAY_MS);
    expect(await store.approve(key, APPROVAL)).toBe(false);
    expect(await store.decline(key, 'user:default/boss', 'no')).toBe(false);
    const counts = await Promise.all([store.expire(), store.expire()]);
    expect(counts[0] + counts[1]).toBe(1);
    expect(await stateOf(key)).toBe('expired');
    expect(await newsKinds()).toEqual(['created', 'expired']);
  });

  it('should remind of what has waited, once for each period', async () => {
    const key = await pending();
    expect(await store.remind(DAY_MS)).toBe(0);
    await ago('created_at', key, 2 * DAY_MS);
    expect(await store.remind(DAY_MS)).toBe(1);
    expect(await store.remind(DAY_MS)).toBe(0);
    await ago('reminded_at', key, DAY_MS);
    expect(await store.remind(DAY_MS)).toBe(1);
  });

  it('should show each reader what concerns them', async () => {
    const mine = await pending('a', { requester: 'user:default/boss' });
    const decidable = await pending('b');
    const foreign = await pending('c', {
      gateway: { name: 'other', title: 'Other' },
    });
    const unapproved = await pending('d', { approvers: ['group:default/x'] });
    const closed = await pending('e');
    await store.decline(closed, 'user:default/boss', 'no');
    const closedForeign = await pending('f', { approvers: [] });
    await store.withdraw(closedForeign);

    const listed = async (
      view: RequestListQuery['view'],
      changes: Partial<RequestReader> = {},
      filter: Partial<RequestListQuery> = {},
    ) => {
      const query = { ...QUERY, view, ...filter };
      const { items } = await store.list(query, reader(changes));
      return items.map(item => item.id);
    };
    expect(await listed('mine')).toEqual([mine]);
    expect(await listed('toDecide')).toEqual([decidable]);
    expect(await listed('toDecide', { allowSelfApproval: true })).toEqual([
      decidable,
      mine,
    ]);
    expect(await listed('toDecide', { gateways: [] })).toEqual([]);
    expect(await listed('toDecide', { gateways: ['other'] })).toEqual([
      foreign,
    ]);
    expect(await listed('toDecide', { ownershipRefs: [] })).toEqual([]);
    expect(await listed('closed')).toEqual([closed]);
    const dev = { user: 'user:default/dev', ownershipRefs: [] };
    expect(await listed('closed', dev)).toEqual([closedForeign, closed]);
    expect(await listed('mine', dev)).toEqual([
      closedForeign,
      closed,
      unapproved,
      foreign,
      decidable,
    ]);
    expect(await listed('mine', dev, { text: 'DEFAULT/F' })).toEqual([
      closedForeign,
    ]);
    expect(await listed('mine', dev, { text: '%' })).toEqual([]);
    expect(await listed('mine', dev, { state: ['declined'] })).toEqual([
      closed,
    ]);
    expect(
      await listed('mine', dev, { entityRef: ['resource:default/B'] }),
    ).toEqual([decidable]);
    expect(await listed('mine', dev, { gateway: ['other'] })).toEqual([
      foreign,
    ]);
    expect(await listed('mine', dev, { kind: ['connect'] })).toEqual([]);
  });

  it('should page through a list', async () => {
    const ids: string[] = [];
    for (const name of ['a', 'b', 'c', 'd', 'e']) {
      ids.unshift(await pending(name, { requester: 'user:default/boss' }));
    }
    const found: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await store.list({ ...QUERY, limit: 2, cursor }, reader());
      found.push(...page.items.map(item => item.id));
      cursor = page.nextCursor;
    } while (cursor);
    expect(found).toEqual(ids);
    await expect(
      store.list({ ...QUERY, cursor: "1'; drop" }, reader()),
    ).rejects.toThrow('Expected a cursor');
  });

  it('should hand news to one process at a time, and to another one after a while', async () => {
    await pending();
    const [{ id: news }] = await store.news();
    const claims = await Promise.all(
      [1, 2, 3].map(() => store.claimNews(news)),
    );
    expect(claims.filter(Boolean)).toHaveLength(1);
    expect(await store.news()).toEqual([]);
    await knex('request_news').decrement('claimed_at', 120_000);
    expect(await store.news()).toHaveLength(1);
    await store.removeNews(news);
    expect(await store.news()).toEqual([]);
  });

  it('should count states, change approvers and forget what ended long ago', async () => {
    const closed = await pending('a');
    await store.withdraw(closed);
    const open = await pending('b');
    expect(await store.countStates()).toEqual(
      new Map([
        ['withdrawn', 1],
        ['pending', 1],
      ]),
    );
    await store.setApprovers(open, ['user:default/x', 'user:default/x']);
    expect(await store.pending(10)).toMatchObject([
      { id: open, approvers: ['user:default/x'] },
    ]);
    await store.prune(DAY_MS);
    expect(await store.get(closed)).toBeDefined();
    await ago('ended_at', closed, 2 * DAY_MS);
    await store.prune(DAY_MS);
    expect(await store.get(closed)).toBeUndefined();
    expect(await store.get(open)).toBeDefined();
    expect(await knex('request_news')).toHaveLength(1);
  });

  it('should let several processes change the approvers of a request', async () => {
    const key = await pending();
    const wanted = ['group:default/a', 'group:default/b'];
    await Promise.all(
      Array.from({ length: 8 }, () => store.setApprovers(key, wanted)),
    );
    expect((await store.get(key))!.approvers).toEqual(wanted);
  });

  it('should count the open requests of a user that come in the same moment', async () => {
    await pending('first');
    const made = await Promise.allSettled(
      Array.from({ length: 8 }, (_, number) =>
        store.create(requestNamed(`entity-${number}`), 3),
      ),
    );
    expect(made.filter(({ status }) => status === 'fulfilled')).toHaveLength(2);
  });
});
