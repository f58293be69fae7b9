import { resolve } from 'node:path';
import { mockServices, TestDatabases } from '@backstage/backend-test-utils';
import { reportNamed, sourceNamed } from './__testUtils__/integrations';
import { requestNamed } from './requests/__testUtils__/requests';
import { DatabaseRequestStore } from './requests/store';
import { DatabaseIntegrationStore } from './store';

jest.setTimeout(60_000);

const directory = resolve(__dirname, '../migrations');
const TABLES = [
  'gateway_leases',
  'created_objects',
  'stored_switches',
  'integrations',
  'integration_reports',
  'history',
  'requests',
  'request_approvers',
  'request_news',
  'access_grants',
];
const databases = TestDatabases.create({ disableDocker: true });

describe.each(databases.eachSupportedId())('migrations on %s', id => {
  it('should go up and down again', async () => {
    const knex = await databases.init(id);
    await knex.migrate.latest({ directory });
    await knex('gateway_leases').insert({
      gateway: 'main',
      run_id: 'a',
      task_id: 'task',
      action: 'hoop:gateway:configure',
      began_at: 1,
      expires_at: 2,
    });
    await knex('created_objects').insert({
      gateway: 'main',
      system: 'https://auth.company',
      kind: 'application',
      name: 'hoop',
      run_id: 'a',
      recorded_at: 1,
    });
    await knex('stored_switches').insert({
      gateway: 'main',
      since: '2026-11-28T10:00:00.000Z',
      previous_method: 'local',
      written: 'digest',
    });
    const database = mockServices.database.mock({
      getClient: async () => knex,
      migrations: { skip: true },
    });
    const store = await DatabaseIntegrationStore.create(database, {
      staleAfterMs: 1_000,
    });
    await store.sync([sourceNamed('a')]);
    await store.record('resource:default/a', reportNamed('a'));
    const requests = await DatabaseRequestStore.create(database);
    await requests.create(requestNamed('a'), 1);
    await knex.migrate.rollback({ directory }, true);
    for (const table of TABLES) {
      expect(await knex.schema.hasTable(table)).toBe(false);
    }
    await knex.migrate.latest({ directory });
    for (const table of TABLES) {
      expect(await knex(table).select()).toEqual([]);
    }
  });
});
