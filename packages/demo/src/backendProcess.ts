import { spawn, type ChildProcess } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { sandboxEnvironment, type SandboxProcess } from 'sandbox';
import { openPortalDatabase, type PortalDatabase } from './portalDatabase';

/** Root of the repository. @internal */
export const ROOT = resolve(
  dirname(require.resolve('demo/package.json')),
  '../..',
);

/**
 * The portal's backend in a process of its own.
 *
 * @internal
 */
export interface BackendProcess {
  url: string;
  pid: number;
  /** Everything it wrote to its output so far. */
  log(): string;
  database: PortalDatabase;
  stop(): Promise<void>;
}

/**
 * What the backend's objects may take. The demo runs with half of it; without a limit V8 lets garbage grow with the memory of the
 * machine, to a half more on Node 24 than on Node 20.
 */
const HEAP_MEGABYTES = 384;

/**
 * Starts the real backend of this repository on a free port, with its database in files below `dir`, or on the
 * PostgreSQL server that the environment variable DATABASE_URL names.
 *
 * @param overrides - further configuration, laid over app-config.yaml
 * @throws Error with the end of its log when it does not become ready
 * @internal
 */
export async function startBackend(
  sandbox: SandboxProcess,
  dir: string,
  {
    backend: ofBackend,
    ...overrides
  }: { backend?: object; [key: string]: unknown } = {},
): Promise<BackendProcess> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const database = await openPortalDatabase(dir, process.env.DATABASE_URL);
  const configFile = join(dir, 'app-config.demo.json');
  await writeFile(
    configFile,
    JSON.stringify({
      // Copying a built frontend into the database helps rolling updates, and costs a throwaway portal memory only.
      app: { disableStaticFallbackCache: true },
      backend: {
        baseUrl: url,
        listen: { port, host: '127.0.0.1' },
        database: database.config,
        ...ofBackend,
      },
      ...overrides,
    }),
  );
  const child = spawn(
    process.execPath,
    [
      `--max-old-space-size=${HEAP_MEGABYTES}`,
      '--require',
      require.resolve('@backstage/cli/config/nodeTransform.cjs'),
      join(ROOT, 'packages/backend/src/index.ts'),
      '--config',
      join(ROOT, 'app-config.yaml'),
      '--config',
      configFile,
    ],
    {
      cwd: join(ROOT, 'packages/backend'),
      env: {
        ...process.env,
        ...sandboxEnvironment(sandbox),
        NODE_ENV: 'development',
        NODE_OPTIONS: '',
        LOG_LEVEL: 'info',
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  const chunks: string[] = [];
  const keep = (chunk: Buffer) => chunks.push(chunk.toString('utf8'));
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  const backend: BackendProcess = {
    url,
    pid: child.pid ?? 0,
    log: () => chunks.join(''),
    database,
    stop: () => stopProcess(child),
  };
  await untilReady(backend, child);
  return backend;
}

const READY_WITHIN_MS = 120_000;

async function untilReady(
  backend: BackendProcess,
  child: ChildProcess,
): Promise<void> {
  const deadline = Date.now() + READY_WITHIN_MS;
  for (;;) {
    const ended = child.exitCode ?? child.signalCode;
    if (ended !== null || Date.now() > deadline) {
      await backend.stop();
      throw new Error(
        `The backend ${
          ended === null
            ? `was not ready after ${READY_WITHIN_MS / 1000} s`
            : `ended during its start (${ended})`
        }. The end of its log:\n${endOfLog(backend.log())}`,
      );
    }
    const ready = await fetch(
      `${backend.url}/.backstage/health/v1/readiness`,
    ).then(
      response => response.ok,
      () => false,
    );
    if (ready) {
      return;
    }
    await sleep(100);
  }
}

/** Requests are left out: most are our own questions whether it is ready. */
function endOfLog(log: string): string {
  return log
    .split('\n')
    .filter(line => !line.includes('incomingRequest'))
    .slice(-40)
    .join('\n');
}

async function stopProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) {
    return;
  }
  const ended = new Promise(done => child.once('exit', done));
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), 5_000);
  await ended;
  clearTimeout(timer);
}

/** A port on loopback that nothing listens on. @internal */
export async function freePort(): Promise<number> {
  return new Promise((done, failed) => {
    const server = createServer();
    server.once('error', failed);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() =>
        done(typeof address === 'object' && address ? address.port : 0),
      );
    });
  });
}
