import { execFileSync } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { readAllFiles } from './secretHunt';

/**
 * Where the portal keeps its data, and a way to look at all of it.
 *
 * @internal
 */
export interface PortalDatabase {
  /** `backend.database` of app-config. */
  config: object;
  /** All that is stored, by place; read after the backend has stopped. */
  contents(): Promise<Record<string, string | Buffer>>;
}

/**
 * Files below `dir`, or a PostgreSQL server of its own (all of which is read) where its address is given.
 *
 * @internal
 */
export async function openPortalDatabase(
  dir: string,
  postgresUrl: string | undefined,
): Promise<PortalDatabase> {
  if (postgresUrl) {
    return {
      config: { client: 'pg', connection: postgresUrl },
      contents: async () => ({
        'PostgreSQL dump': execFileSync(
          'pg_dumpall',
          ['--dbname', postgresUrl],
          { maxBuffer: 256 * 1024 * 1024 },
        ),
      }),
    };
  }
  const directory = join(dir, 'database');
  await mkdir(directory, { recursive: true });
  return {
    config: { client: 'better-sqlite3', connection: { directory } },
    contents: () => readAllFiles(directory),
  };
}
