import {
  resolvePackagePath,
  type DatabaseService,
} from '@backstage/backend-plugin-api';
import type { Knex } from 'knex';

/**
 * The plugin's database, migrated unless app-config says to skip that.
 *
 * @internal
 */
export async function migratedDatabase(
  database: DatabaseService,
): Promise<Knex> {
  const db = await database.getClient();
  if (!database.migrations?.skip) {
    await db.migrate.latest({
      directory: resolvePackagePath(
        'backstage-plugin-hoop-authentik-backend',
        'migrations',
      ),
    });
  }
  return db;
}
