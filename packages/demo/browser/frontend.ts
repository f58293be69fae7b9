import { spawn } from 'node:child_process';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { ROOT } from '../src/backendProcess';

const APP = join(ROOT, 'packages/app');
const BUILT = join(APP, 'dist/index.html');

/** What goes into the bundle; of app-config it is the list of discovered packages. */
const SOURCES = [
  'app-config.yaml',
  'yarn.lock',
  'packages/app/config.d.ts',
  'packages/app/package.json',
  'packages/app/public',
  'packages/app/src',
  'plugins/hoop-authentik/src',
  'plugins/hoop-authentik-common/src',
];

/** Builds the production frontend, unless the last build is newer than everything that goes into it. */
export async function buildFrontend(): Promise<'built' | 'up to date'> {
  const built = await changedAt(BUILT);
  const changes = await Promise.all(
    SOURCES.map(source => lastChange(join(ROOT, source))),
  );
  if (built > Math.max(...changes)) {
    return 'up to date';
  }
  await runBuild();
  return 'built';
}

async function lastChange(path: string): Promise<number> {
  const own = await stat(path);
  if (!own.isDirectory()) {
    return own.mtimeMs;
  }
  const entries = await readdir(path, { recursive: true });
  const times = await Promise.all(
    entries.map(entry => changedAt(join(path, entry))),
  );
  return Math.max(own.mtimeMs, ...times);
}

async function changedAt(path: string): Promise<number> {
  return stat(path).then(
    ({ mtimeMs }) => mtimeMs,
    () => 0,
  );
}

async function runBuild(): Promise<void> {
  const child = spawn(
    process.execPath,
    [require.resolve('@backstage/cli/bin/backstage-cli'), 'package', 'build'],
    {
      cwd: APP,
      env: { ...process.env, NODE_OPTIONS: '' },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  let output = '';
  const remember = (chunk: Buffer) => {
    output += chunk;
  };
  child.stdout.on('data', remember);
  child.stderr.on('data', remember);
  const code = await new Promise(done => child.once('close', done));
  if (code !== 0) {
    throw new Error(
      `The frontend could not be built:\n${output.slice(-4_000)}`,
    );
  }
}
