import { mockServices, TestDatabases } from '@backstage/backend-test-utils';
import type { AccessGrant } from 'backstage-plugin-hoop-authentik-node/alpha';
import type { Knex } from 'knex';
import { requestNamed } from '../requests/__testUtils__/requests';
import { DatabaseRequestStore } from '../requests/store';
import { DatabaseGrantStore } from '.';

jest.setTimeout(60_000);

const HOUR_MS = 60 * 60 * 1000;
const DAY_MS = 24 * HOUR_MS;

const databases = TestDatabases.create({ disableDocker: true });

describe.each(databases.eachSupportedId())('DatabaseGrantStore on %s', id => {
  let knex: Knex;
  let store: DatabaseGrantStore;
  let requests: DatabaseRequestStore;

  beforeAll(async () => {
    knex = await databases.init(id);
    const database = mockServices.database.mock({
      getClient: async () => knex,
      migrations: { skip: false },
    });
    store = await DatabaseGrantStore.create(database);
    requests = await DatabaseRequestStore.create(database);
  });

  afterEach(async () => {
    for (const table of ['access_grants', 'requests', 'request_news']) {
      await knex(table).delete();
    }
  });

  const grant = (changes: Partial<AccessGrant> = {}): AccessGrant => ({
    id: 'g1',
    request: 'r1',
    system: 'https://auth.company',
    application: 'hoop',
    target: 'application-1',
    binding: '',
    mark: 1_234_567,
    subject: { kind: 'group', key: 'group-1', name: 'engineering' },
    ...changes,
  });
  const at = (ms: number) => new Date(Date.now() + ms).toISOString();
  const newsKinds = async () =>
    (await knex('request_news').orderBy('id')).map(({ kind }) => kind);

  it('should remember a grant before and after its binding is made', async () => {
    const until = at(HOUR_MS);
    await store.put('main', grant({ until }));
    await store.put('main', grant({ until, binding: 'binding-1' }));
    expect(await store.active('main')).toEqual([
      { ...grant({ until, binding: 'binding-1' }), gateway: 'main' },
    ]);
    expect(await store.active('other')).toEqual([]);
    expect(await store.ofRequest('r1')).toMatchObject({ id: 'g1' });
    expect(await store.ofRequest('r2')).toBeUndefined();
  });

  it('should not let another gateway change it, nor what has ended', async () => {
    await store.put('main', grant());
    await store.put('other', grant({ binding: 'stolen' }));
    expect(await store.active('main')).toMatchObject([{ binding: '' }]);
    await store.end('g1', 'revoked');
    await store.put('main', grant({ binding: 'late' }));
    expect(await store.active('main')).toEqual([]);
  });

  it('should end what is due, once, and leave the rest', async () => {
    await store.put('main', grant({ id: 'past', until: at(-1_000) }));
    await store.put('main', grant({ id: 'later', until: at(HOUR_MS) }));
    await store.put('main', grant({ id: 'never' }));
    expect(await store.due(['main'])).toMatchObject([{ id: 'past' }]);
    const ends = await Promise.all(
      [1, 2, 3].map(() => store.end('past', 'expired')),
    );
    expect(ends.filter(Boolean)).toHaveLength(1);
    expect(await store.due(['main'])).toEqual([]);
    expect(await store.active('main')).toHaveLength(2);
  });

  it('should announce the end a day before and when it has come, each once', async () => {
    const { request } = await requests.create(requestNamed('a'), 10);
    const { id: key } = request;
    await knex('request_news').delete();
    await store.put('main', grant({ request: key, until: at(2 * DAY_MS) }));
    expect(await store.warn(DAY_MS)).toBe(0);
    await knex('access_grants').decrement('until', 1.5 * DAY_MS);
    await knex('access_grants').decrement('created_at', 3 * DAY_MS);
    const warned = await Promise.all([store.warn(DAY_MS), store.warn(DAY_MS)]);
    expect(warned[0] + warned[1]).toBe(1);
    await store.end('g1', 'expired');
    expect(await newsKinds()).toEqual(['ending', 'ended']);
    expect((await requests.get(key))?.grant).toMatchObject({
      ended: 'expired',
      endedAt: expect.any(String),
    });
  });

  it('should announce nothing of a short grant, nor of one without a request', async () => {
    await store.put('main', grant({ until: at(HOUR_MS) }));
    expect(await store.warn(DAY_MS)).toBe(0);
    await store.end('g1', 'expired');
    expect(await newsKinds()).toEqual([]);
  });

  it('should keep the one grant of a request that is carried out again', async () => {
    const { request } = await requests.create(requestNamed('a'), 10);
    await store.put('main', grant({ request: request.id }));
    await store.end('g1', 'revoked');
    await store.put('main', grant({ id: 'g2', request: request.id }));
    expect(await store.ofRequest(request.id)).toMatchObject({ id: 'g2' });
    expect((await requests.get(request.id))?.grant).toEqual({});
    const { items } = await requests.list(
      { view: 'mine', limit: 10 },
      {
        user: 'user:default/dev',
        gateways: [],
        ownershipRefs: [],
        allowSelfApproval: false,
      },
    );
    expect(items).toHaveLength(1);
  });

  it('should forget what ended long ago, whether or not a request gave it', async () => {
    await store.put('main', grant({ id: 'lasting', request: 'task-1' }));
    await store.put('main', grant({ id: 'ended', request: 'task-2' }));
    await store.put('main', grant({ id: 'lately', request: 'task-3' }));
    await store.end('ended', 'expired');
    await store.end('lately', 'expired');
    await knex('access_grants')
      .where({ id: 'ended' })
      .decrement('ended_at', 2 * DAY_MS);
    await requests.prune(DAY_MS);
    expect(await knex('access_grants').orderBy('id').pluck('id')).toEqual([
      'lasting',
      'lately',
    ]);
  });

  it('should announce the later end of what was extended', async () => {
    await store.put('main', grant({ until: at(DAY_MS / 2) }));
    await knex('access_grants').decrement('created_at', 3 * DAY_MS);
    expect(await store.warn(DAY_MS)).toBe(1);
    await store.put('main', grant({ request: 'r2', until: at(DAY_MS / 3) }));
    expect(await store.warn(DAY_MS)).toBe(1);
    expect(await store.ofRequest('r2')).toMatchObject({ id: 'g1' });
  });
});
