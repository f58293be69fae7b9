import assert from 'node:assert/strict';
import { fork, type ChildProcess } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { createServer } from 'node:net';
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ConfigReader } from '@backstage/config';
import {
  configureGateway,
  desiredIntegration,
  ensureApplication,
} from 'backstage-plugin-hoop-authentik-node';
import { DefaultHoopAuthentikService } from 'backstage-plugin-hoop-authentik-node/alpha';
import makeKnex from 'knex';
import { startSandboxProcess } from 'sandbox';
import type { News } from './replica';

/** Entities that are attached to the gateway: each has a history and notifications of its own. */
const ENTITIES = 20;
const PERIOD_MS = 8_000;
/** After which the scheduler gives the sweep of a killed replica to another one. */
const TIMEOUT_SECONDS = 20;

/** For a backend to start. */
const START_MS = 60_000;

interface Sweep {
  replica: number;
  at: number;
}

/** Two replicas on one PostgreSQL, of which one is killed during a sweep. */
async function main(): Promise<void> {
  const connection = process.env.DATABASE_URL;
  assert(connection, 'DATABASE_URL has to name a PostgreSQL server');
  const sandbox = await startSandboxProcess({ rolloutDelayMs: 200 });
  const hoopAuthentik = {
    sweep: {
      schedule: {
        frequency: { milliseconds: PERIOD_MS },
        timeout: { seconds: TIMEOUT_SECONDS },
      },
    },
    authentik: [
      {
        baseUrl: sandbox.authentik.url,
        token: sandbox.authentik.tokens.leastPrivilege,
      },
    ],
    gateways: [
      {
        name: 'main',
        url: sandbox.gateway.url,
        application: 'hoop',
        target: {
          type: 'kubernetes',
          cluster: { kubeconfig: sandbox.kubernetes.kubeconfigPath },
          namespace: sandbox.kubernetes.namespace,
          deployment: sandbox.kubernetes.deployment,
        },
      },
    ],
  };
  await connect({ hoopAuthentik });

  const sweeps: Sweep[] = [];
  const sent: Array<Extract<News, { kind: 'notification' }>> = [];
  const begun = new EventEmitter();
  const replicas: ChildProcess[] = [];
  try {
    for (let replica = 0; replica < 2; replica++) {
      const child = fork(resolve(__dirname, 'replica.ts'), {
        execArgv: ['--require', '@backstage/cli/config/nodeTransform.cjs'],
        stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
        env: {
          ...process.env,
          REPLICA: JSON.stringify({
            config: await configOf(hoopAuthentik, connection),
            entities: entities(),
          }),
        },
      });
      child.on('message', (news: News) => {
        if (news.kind === 'notification') {
          sent.push(news);
        } else if (news.kind === 'sweep') {
          sweeps.push({ replica, at: news.at });
          begun.emit('sweep', replica);
        } else {
          begun.emit('started', replica);
        }
      });
      replicas.push(child);
      // One after the other, as in a rolling update: Backstage's scheduler makes its tables at the first start, which two
      // backends cannot do at the same time.
      await once(begun, 'started', { signal: AbortSignal.timeout(START_MS) });
    }
    await until('three sweeps', () => sweeps.length >= 3);
    const gaps = sweeps.slice(1).map(({ at }, index) => at - sweeps[index].at);
    assert(
      Math.min(...gaps) > PERIOD_MS / 2,
      `sweeps overlap: ${gaps} ms between them`,
    );
    say(`2 replicas, one sweep each ${PERIOD_MS / 1000} s: ${gaps} ms apart`);

    // Between two sweeps.
    await sleep(PERIOD_MS / 2);
    await sandbox.control.faults({ system: 'authentik', unreachable: true });
    const [killed] = await once(begun, 'sweep');
    // While it waits for authentik.
    await sleep(50);
    replicas[killed].kill('SIGKILL');
    say(`replica ${killed} killed during its sweep`);
    const leaving = () =>
      new Set(
        sent
          .filter(({ title }) => title.includes('unreachable'))
          .map(({ scope }) => scope),
      ).size;
    await until('every owner is notified', () => leaving() === ENTITIES);
    const killedAt = sweeps.findLast(({ replica }) => replica === killed)!.at;
    assert(
      sweeps.some(({ replica, at }) => replica !== killed && at > killedAt),
      'the other replica has not swept',
    );
    await sandbox.control.clearFaults();
    const scopes = () => new Set(sent.map(({ scope }) => scope)).size;
    await until(
      'every owner is notified again',
      () => scopes() === 2 * ENTITIES,
    );
    await sleep(2 * PERIOD_MS);
    assert.equal(sent.length, 2 * ENTITIES, 'a notification was sent twice');
    await requireWholeHistory(connection);
    say(
      `the other replica went on: ${ENTITIES} notifications when authentik went, ${ENTITIES} when it was back, none twice; every history whole`,
    );
  } finally {
    for (const replica of replicas) {
      replica.kill('SIGKILL');
    }
    await sandbox.stop();
  }
}

async function connect(data: object): Promise<void> {
  const service = DefaultHoopAuthentikService.create({
    config: new ConfigReader(JSON.parse(JSON.stringify(data))),
  });
  try {
    const { config, authentik, systems, applicationContext } =
      service.getGateway('main');
    const slug = config.application;
    await ensureApplication(systems.authentik, { slug }, applicationContext());
    await configureGateway(systems, desiredIntegration(config, authentik), {
      log: () => {},
    });
  } finally {
    await service.close();
  }
}

function entities() {
  return Array.from({ length: ENTITIES }, (_, index) => ({
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Resource',
    metadata: {
      name: `hoop-${index}`,
      namespace: 'default',
      annotations: { 'hoop.dev/gateway': 'main' },
    },
    relations: [{ type: 'ownedBy', targetRef: 'group:default/sre' }],
  }));
}

/** Connected, unreachable, connected again: each written once. */
async function requireWholeHistory(connection: string): Promise<void> {
  const url = new URL(connection);
  url.pathname = '/backstage_plugin_hoop-authentik';
  const db = makeKnex({ client: 'pg', connection: url.href });
  try {
    const rows = await db('history')
      .where({ kind: 'state' })
      .orderBy('id')
      .select('integration_id', 'entry');
    const histories = new Map<string, string[]>();
    for (const { integration_id: id, entry } of rows) {
      histories.set(id, [...(histories.get(id) ?? []), JSON.parse(entry).to]);
    }
    assert.equal(histories.size, ENTITIES);
    for (const states of histories.values()) {
      assert.deepEqual(states, ['connected', 'unreachable', 'connected']);
    }
  } finally {
    await db.destroy();
  }
}

async function configOf(hoopAuthentik: object, connection: string) {
  const port = await freePort();
  return {
    app: { baseUrl: `http://127.0.0.1:${port}` },
    backend: {
      baseUrl: `http://127.0.0.1:${port}`,
      listen: { port, host: '127.0.0.1' },
      database: { client: 'pg', connection },
      auth: { keys: [{ secret: 'cmVwbGljYXMtc2hhcmUtdGhpcw==' }] },
    },
    hoopAuthentik,
  };
}

async function freePort(): Promise<number> {
  return new Promise(done => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() =>
        done(typeof address === 'object' && address ? address.port : 0),
      );
    });
  });
}

async function until(what: string, isSo: () => boolean): Promise<void> {
  const deadline = Date.now() + 120_000;
  while (!isSo()) {
    assert(Date.now() < deadline, `${what}: not within 120 s`);
    await sleep(100);
  }
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

main().catch(error => {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
  process.exitCode = 1;
});
