import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startSandboxProcess, type SandboxProcess } from 'sandbox';
import { requestsDuring } from '../contract/control';
import { startForwarders } from './forwarders';
import {
  addApplications,
  configFor,
  connectFirst,
  serviceOf,
} from './installation';
import { rounded, type Measure } from './measures';
import { report, runBench } from './runBench';
import { startSweeper, type Sweeper } from './sweep/sweeper';
import { lagDuring, readByEntity, residentMegabytes } from './sweep/watch';

/** Of a company that has many, each with an application of its own. */
const GATEWAYS = 500;

/** How many sweeps show whether memory grows, of how many gateways. */
const GROWTH = { gateways: 20, sweeps: 1_000, shortSweeps: 100 };

/** The first ones fill caches and compile. */
const WARM_UP = 50;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      json: { type: 'boolean', default: false },
      short: { type: 'boolean', default: false },
    },
  });
  const sweeps = values.short ? GROWTH.shortSweeps : GROWTH.sweeps;
  const directory = await mkdtemp(join(tmpdir(), 'bench-sweep-'));
  const sandbox = await startSandboxProcess({ rolloutDelayMs: 200 });
  try {
    // With --json the output is the document alone.
    (values.json ? process.stderr : process.stdout).write(
      `Sweep bench on: the sandbox at the pace of a real authentik, Node ${
        process.version
      }, ${availableParallelism()} CPUs\n`,
    );
    report(
      [
        ...(await measureMany(sandbox, directory)),
        ...(await measureGrowth(sandbox, directory, sweeps)),
      ],
      values.json,
    );
  } finally {
    await sandbox.stop();
    await rm(directory, { recursive: true, force: true });
  }
}

/** Runs with a backend whose gateways are as many addresses of the sandbox's own, each with an application. */
async function withSweeper<T>(
  sandbox: SandboxProcess,
  directory: string,
  gateways: number,
  run: (sweeper: Sweeper) => Promise<T>,
): Promise<T> {
  await sandbox.control.reset();
  const forwarders = await startForwarders(
    gateways - 1,
    Number(new URL(sandbox.gateway.url).port),
  );
  const config = await configFor(
    sandbox,
    {
      gateways: [
        sandbox.gateway.url,
        ...forwarders.ports.map(port => `http://127.0.0.1:${port}`),
      ],
      clusters: [sandbox.kubernetes.url],
    },
    directory,
  );
  const service = serviceOf(config);
  try {
    await connectFirst(service);
    await addApplications(service);
  } finally {
    await service.close();
  }
  const sweeper = await startSweeper(config, gateways);
  try {
    return await run(sweeper);
  } finally {
    await sandbox.control.authentikLatency(0);
    await sweeper.stop();
    forwarders.stop();
  }
}

async function measureMany(
  sandbox: SandboxProcess,
  directory: string,
): Promise<Measure[]> {
  return withSweeper(sandbox, directory, GATEWAYS, async sweeper => {
    // What one sweep learns of each application is remembered for the next ones.
    await sweeper.sweep();
    await sandbox.control.authentikLatency(1);
    const sweep = await observe(sandbox, sweeper);
    await sandbox.control.authentikLatency(0);
    const times = await readByEntity(sweeper.readUrl, GATEWAYS);
    const title = `sweep of ${GATEWAYS} gateways and applications`;
    return [
      {
        name: `${title}: requests to authentik`,
        value: sweep.authentik,
        // One for each further hundred keys.
        limit: 15 + Math.floor(GATEWAYS / 100),
      },
      {
        name: `${title}: lists in the namespace`,
        value: sweep.lists,
        limit: 2,
      },
      {
        name: `${title}: seconds`,
        value: rounded(sweep.ms / 1_000),
        limit: 30,
      },
      {
        name: `${title}: event loop lag, p99, ms`,
        value: rounded(sweep.lagMs),
        limit: 50,
      },
      {
        name: 'by entity over HTTP at 200/s, p99, ms',
        value: rounded(times.p99),
        limit: 50,
      },
      {
        name: 'by entity over HTTP at 200/s, other answers',
        value: times.others,
        limit: 0,
      },
    ];
  });
}

async function observe(sandbox: SandboxProcess, { sweep }: Sweeper) {
  let authentik = 0;
  let ms = NaN;
  let lagMs = NaN;
  const cluster = await requestsDuring(
    sandbox.control.url,
    async () => {
      const asked = await requestsDuring(sandbox.control.url, async () => {
        const began = performance.now();
        lagMs = await lagDuring(sweep);
        ms = performance.now() - began;
      });
      // Those that the gateway itself sends are not the sweep's.
      authentik = asked.filter(({ from }) => !from).length;
    },
    'kubernetes',
  );
  const lists = cluster.filter(
    ({ method, path }) =>
      method === 'GET' && /\/namespaces\/[^/]+\/[a-z]+(\?|$)/.test(path),
  ).length;
  return { authentik, lists, ms, lagMs };
}

async function measureGrowth(
  sandbox: SandboxProcess,
  directory: string,
  sweeps: number,
): Promise<Measure[]> {
  const { gateways } = GROWTH;
  return withSweeper(sandbox, directory, gateways, async ({ sweep }) => {
    const repeat = async (times: number) => {
      for (let index = 0; index < times; index++) {
        await sweep();
      }
      return residentMegabytes();
    };
    const before = await repeat(WARM_UP);
    const after = await repeat(sweeps);
    return [
      {
        name: `${sweeps} sweeps of ${gateways} gateways: resident growth, MB`,
        value: rounded(after - before),
        limit: 20,
      },
    ];
  });
}

runBench(main);
