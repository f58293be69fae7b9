import { TestDatabases } from '@backstage/backend-test-utils';
import { resolve } from 'node:path';

jest.setTimeout(60_000);

const directory = resolve(__dirname, '../migrations');
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
    await knex.migrate.rollback({ directory }, true);
    expect(await knex.schema.hasTable('gateway_leases')).toBe(false);
    expect(await knex.schema.hasTable('created_objects')).toBe(false);
    expect(await knex.schema.hasTable('stored_switches')).toBe(false);
    await knex.migrate.latest({ directory });
    expect(await knex('gateway_leases').select()).toEqual([]);
  });
});
