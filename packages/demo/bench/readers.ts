import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import {
  desiredIntegration,
  rotateClientSecret,
} from 'backstage-plugin-hoop-authentik-node';
import {
  redirectUriOf,
  type DefaultHoopAuthentikService,
} from 'backstage-plugin-hoop-authentik-node/alpha';
import { startSandboxProcess, type SandboxProcess } from 'sandbox';
import { startForwarders } from './forwarders';
import { configFor, connectFirst, serviceOf } from './installation';
import { rounded, type Measure } from './measures';
import { startCards } from './readers/cards';
import { report, runBench } from './runBench';

/** Delay of each answer of every system, as between two data centres. */
const LATENCY_MS = 60;

const CARDS = 300;

/** Median of this many runs. */
const RUNS = 3;

/** How much longer a rotation may take beside readers. */
const MOST = 1.5;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { json: { type: 'boolean', default: false } },
  });
  const directory = await mkdtemp(join(tmpdir(), 'bench-readers-'));
  const sandbox = await startSandboxProcess({ rolloutDelayMs: 200 });
  try {
    // With --json the output is the document alone.
    (values.json ? process.stderr : process.stdout).write(
      [
        `Readers bench on: the sandbox, ${LATENCY_MS} ms latency, Node ${
          process.version
        }, ${availableParallelism()} CPUs.`,
        `${CARDS} cards of as many gateways, which share an application and a cluster, are refreshed through the HTTP API of a backend,`,
        'while the client secret of one of them is rotated in the same process.',
        '',
        '',
      ].join('\n'),
    );
    report(await measure(sandbox, directory), values.json);
  } finally {
    await sandbox.stop();
    await rm(directory, { recursive: true, force: true });
  }
}

async function measure(
  sandbox: SandboxProcess,
  directory: string,
): Promise<Measure[]> {
  const forwarders = await startForwarders(
    CARDS - 1,
    Number(new URL(sandbox.gateway.url).port),
  );
  const gateways = [
    sandbox.gateway.url,
    ...forwarders.ports.map(port => `http://127.0.0.1:${port}`),
  ];
  const clusters = [sandbox.kubernetes.url];
  const config = await configFor(sandbox, { gateways, clusters }, directory);
  // Many applications would take minutes to make; each card reads all there is to read of this one.
  for (const gateway of config.hoopAuthentik.gateways) {
    gateway.application = 'gateway-0';
  }
  const service = serviceOf(config);
  try {
    await connectFirst(service);
    for (const system of ['authentik', 'kubernetes', 'gateway'] as const) {
      await sandbox.control.faults({ system, latencyMs: LATENCY_MS });
    }
    await rotate(service);
    const alone = await medianOf(service);
    const beside = async (cards: number) => {
      const started = await startCards(config, cards);
      await sleep(2_000);
      const ms = await medianOf(service);
      return { ms, answers: await started.stop() };
    };
    const two = await beside(2);
    const many = await beside(CARDS);
    return [
      { name: 'rotate alone: ms', value: rounded(alone) },
      { name: 'rotate while two cards read: ms', value: rounded(two.ms) },
      {
        name: 'rotate while two cards read: times its time alone',
        value: rounded(two.ms / alone),
        limit: MOST,
      },
      {
        name: `rotate while ${CARDS} cards refresh: ms`,
        value: rounded(many.ms),
      },
      {
        name: `rotate while ${CARDS} cards refresh: times its time alone`,
        value: Math.round((100 * many.ms) / alone) / 100,
        limit: MOST,
      },
      { name: `${CARDS} cards: shown`, value: many.answers.shown },
      {
        name: `${CARDS} cards: sent away for a few seconds`,
        value: many.answers.sentAway,
      },
      {
        name: `${CARDS} cards: other answers`,
        value: many.answers.others,
        limit: 0,
      },
    ];
  } finally {
    await sandbox.control.clearFaults();
    await service.close();
    forwarders.stop();
  }
}

async function medianOf(service: DefaultHoopAuthentikService) {
  const times: number[] = [];
  for (let run = 0; run < RUNS; run++) {
    times.push(await rotate(service));
  }
  return times.sort((a, b) => a - b)[Math.floor(RUNS / 2)];
}

/** As the action does it; in milliseconds. */
async function rotate(service: DefaultHoopAuthentikService): Promise<number> {
  const { config, authentik, systems } = service.getGateway('0');
  const start = performance.now();
  await rotateClientSecret(systems, desiredIntegration(config, authentik), {
    claim: {
      slug: config.application,
      redirectUri: redirectUriOf(config.url),
    },
    log: () => {},
  });
  return performance.now() - start;
}

runBench(main);
