import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { startSandboxProcess, type SandboxProcess } from 'sandbox';
import { connect, type Connection } from '../contract/connect';
import { APPLICATIONS, measureBulk } from './bulk';
import { rounded, type Measure } from './measures';
import { report, runBench } from './runBench';
import { measurePairs, type PairCosts } from './pairs';

/** Delay of each answer, as between two data centres. */
const LATENCY_MS = 50;

/** What the work on one pair may cost. */
const LIMITS: Record<
  keyof PairCosts,
  { title: string; requests?: number; writes: number; depth?: number }
> = {
  create: {
    title: 'new pair with two bindings',
    requests: 9,
    writes: 1,
    depth: 3,
  },
  unchanged: { title: 'unchanged re-run', requests: 8, writes: 0 },
  change: { title: 'one field changed', writes: 1 },
};

const BULK_REQUESTS = 15;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { json: { type: 'boolean', default: false } },
  });
  const sandbox = await startSandboxProcess();
  const { url, tokens } = sandbox.authentik;
  const connection = connect({ url, token: tokens.leastPrivilege });
  try {
    const version = await connection.client.getVersion();
    // With --json the output is the document alone.
    (values.json ? process.stderr : process.stdout).write(
      `authentik bench on: sandbox authentik ${version}, Node ${
        process.version
      }, ${availableParallelism()} CPUs\n`,
    );
    const measures = await measure(sandbox, connection);
    report(measures, values.json);
  } finally {
    await connection.close();
    await sandbox.stop();
  }
}

async function measure(
  sandbox: SandboxProcess,
  connection: Connection,
): Promise<Measure[]> {
  // The first runs pay for connections and compilation: they are not counted.
  await measurePairs(sandbox, connection, 1);
  const near = await measurePairs(sandbox, connection, 0);
  const far = await measurePairs(sandbox, connection, LATENCY_MS);
  const bulk = await measureBulk(sandbox, connection, LATENCY_MS);
  return [...pairMeasures(near, far), ...bulkMeasures(bulk)];
}

function pairMeasures(near: PairCosts, far: PairCosts): Measure[] {
  const works = Object.keys(LIMITS) as Array<keyof PairCosts>;
  return works.flatMap(work => {
    const { title, ...limits } = LIMITS[work];
    return [
      {
        name: `${title}: requests`,
        value: Math.max(near[work].requests, far[work].requests),
        limit: limits.requests,
      },
      {
        name: `${title}: writes`,
        value: Math.max(near[work].writes, far[work].writes),
        limit: limits.writes,
      },
      {
        // With latency only: what is asked at once then overlaps, however busy the machine.
        name: `${title}: sequential depth`,
        value: far[work].depth,
        limit: limits.depth,
      },
      { name: `${title}: ms at 0 ms latency`, value: rounded(near[work].ms) },
      {
        name: `${title}: ms at ${LATENCY_MS} ms latency`,
        value: rounded(far[work].ms),
      },
    ];
  });
}

function bulkMeasures({
  near,
  far,
}: Awaited<ReturnType<typeof measureBulk>>): Measure[] {
  const title = `${APPLICATIONS} applications in bulk`;
  return [
    {
      name: `${title}: requests`,
      value: Math.max(near.requests, far.requests),
      limit: BULK_REQUESTS,
    },
    { name: `${title}: ms at 0 ms latency`, value: rounded(near.ms) },
    {
      name: `${title}: ms at ${LATENCY_MS} ms latency`,
      value: rounded(far.ms),
    },
  ];
}

runBench(main);
