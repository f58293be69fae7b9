import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startSandboxProcess, type SandboxProcess } from 'sandbox';
import { measureMany, measureOne, type CheckCost } from './checkRuns';
import { startForwarders } from './forwarders';
import {
  addApplications,
  connectFirst,
  ownAddresses,
  serviceFor,
} from './installation';
import { rounded, type Measure } from './measures';
import { report, runBench } from './runBench';

/** Delay of each answer of every system, as between two data centres. */
const LATENCY_MS = 50;

const INTEGRATIONS = 500;
const CLUSTERS = 20;

/** Median of this many runs. */
const RUNS = 7;

const LIMITS = {
  requests: 16,
  depth: 4,
  ms: 400,
  manySeconds: 60,
  inFlight: 8,
  megabytes: 150,
};

const SYSTEMS = ['authentik', 'kubernetes', 'gateway'] as const;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { json: { type: 'boolean', default: false } },
  });
  const directory = await mkdtemp(join(tmpdir(), 'bench-checks-'));
  const sandbox = await startSandboxProcess({ rolloutDelayMs: 100 });
  try {
    // With --json the output is the document alone.
    (values.json ? process.stderr : process.stdout).write(
      [
        `Checks bench on: the sandbox (authentik ${
          sandbox.authentik.version
        }, Kubernetes and gateway stand-ins), Node ${
          process.version
        }, ${availableParallelism()} CPUs`,
        `${INTEGRATIONS} integrations: that many applications on one authentik; the ${CLUSTERS} clusters are one Kubernetes stand-in`,
        `behind ${CLUSTERS} addresses, and the gateways one gateway behind ${INTEGRATIONS}, each address a host of its own to the plugins.`,
        '',
        '',
      ].join('\n'),
    );
    const measures = [
      ...(await measureSingle(sandbox, directory)),
      ...(await measureAll(sandbox, directory)),
    ];
    report(measures, values.json);
  } finally {
    await sandbox.stop();
    await rm(directory, { recursive: true, force: true });
  }
}

async function withLatency<T>(
  sandbox: SandboxProcess,
  run: () => Promise<T>,
): Promise<T> {
  for (const system of SYSTEMS) {
    await sandbox.control.faults({ system, latencyMs: LATENCY_MS });
  }
  try {
    return await run();
  } finally {
    await sandbox.control.clearFaults();
  }
}

async function measureSingle(
  sandbox: SandboxProcess,
  directory: string,
): Promise<Measure[]> {
  const service = await serviceFor(sandbox, ownAddresses(sandbox), directory);
  try {
    await connectFirst(service);
    const runs = async () => {
      const costs: CheckCost[] = [];
      for (let run = 0; run < RUNS; run++) {
        costs.push(await measureOne(sandbox, service));
      }
      return costs;
    };
    // The first ones pay for connections and compilation: they are not counted.
    await runs();
    const near = await runs();
    const far = await withLatency(sandbox, runs);
    const all = [...near, ...far];
    const worst = (count: (cost: CheckCost) => number) =>
      Math.max(...all.map(count));
    return [
      {
        name: 'full check: requests',
        value: worst(({ requests }) => requests.length),
        limit: LIMITS.requests,
      },
      ...SYSTEMS.map(system => ({
        name: `full check: requests to ${system}`,
        value: worst(
          ({ requests }) =>
            requests.filter(request => request.system === system).length,
        ),
      })),
      {
        // With latency only: what is asked at once then overlaps, however busy the machine.
        name: 'full check: sequential depth',
        value: Math.max(...far.map(({ depth }) => depth)),
        limit: LIMITS.depth,
      },
      { name: 'full check: ms at 0 ms latency', value: median(near) },
      {
        name: `full check: ms at ${LATENCY_MS} ms latency`,
        value: median(far),
        limit: LIMITS.ms,
      },
    ];
  } finally {
    await service.close();
  }
}

async function measureAll(
  sandbox: SandboxProcess,
  directory: string,
): Promise<Measure[]> {
  const idle = process.memoryUsage().rss;
  const portOf = (url: string) => Number(new URL(url).port);
  const gateways = await startForwarders(
    INTEGRATIONS - 1,
    portOf(sandbox.gateway.url),
  );
  const clusters = await startForwarders(
    CLUSTERS,
    portOf(sandbox.kubernetes.url),
  );
  const service = await serviceFor(
    sandbox,
    {
      gateways: [
        sandbox.gateway.url,
        ...gateways.ports.map(port => `http://127.0.0.1:${port}`),
      ],
      clusters: clusters.ports.map(port => `https://127.0.0.1:${port}`),
    },
    directory,
  );
  try {
    await addApplications(service);
    const cost = await withLatency(sandbox, () =>
      measureMany(sandbox, service, idle),
    );
    const title = `${INTEGRATIONS} integrations`;
    return [
      {
        name: `${title}: requests, those of the gateway included`,
        value: cost.requests,
      },
      {
        name: `${title}: s at ${LATENCY_MS} ms latency`,
        value: rounded(cost.ms / 1000),
        limit: LIMITS.manySeconds,
      },
      {
        name: `${title}: most requests in flight at one host`,
        value: cost.inFlight,
        limit: LIMITS.inFlight,
      },
      {
        name: `${title}: MB above idle`,
        value: rounded(cost.megabytes),
        limit: LIMITS.megabytes,
      },
    ];
  } finally {
    await service.close();
    gateways.stop();
    clusters.stop();
  }
}

function median(costs: CheckCost[]): number {
  const times = costs.map(({ ms }) => ms).sort((a, b) => a - b);
  return rounded(times[Math.floor(times.length / 2)]);
}

runBench(main);
