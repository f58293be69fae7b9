import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { startSandboxProcess, type SandboxProcess } from 'sandbox';
import { connect, type Connection } from '../contract/connect';
import { APPLICATIONS, measureBulk } from './bulk';
import { rounded, type Measure } from './measures';
import { report, runBench } from './runBench';
import { measureLargeFleet, measurePairs, type Cost } from './pairs';
import { LIMITS, TERRAFORM, type Figures, type Phase } from './terraform';
import { measureTemplate } from './wholeTemplate';

/** Delay of each answer, as between two data centres. */
const LATENCY_MS = 50;

/** The pace of a real server is this many times slower than the one that is measured; times are given at its pace. */
const PACE = 5;

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
  await measurePairs(sandbox, 'warm');
  await sandbox.control.reset();
  const near = await measurePairs(sandbox, 'near');
  await sandbox.control.reset();
  await sandbox.control.authentikLatency(1 / PACE);
  const real = await measurePairs(sandbox, 'real');
  await sandbox.control.reset();
  const large = await measureLargeFleet(sandbox);
  const bulk = await measureBulk(sandbox, connection, LATENCY_MS);
  return [
    ...pairMeasures({ ...near, ...large }, real),
    ...(await measureTemplate(sandbox)),
    ...bulkMeasures(bulk),
  ];
}

function pairMeasures(
  near: Partial<Record<Phase, Cost>>,
  real: Partial<Record<Phase, Cost>>,
): Measure[] {
  const phases = Object.keys(LIMITS) as Phase[];
  return phases.flatMap(phase => {
    const limit = LIMITS[phase];
    const theirs: Figures = TERRAFORM[phase];
    const [nearby, paced] = [near[phase], real[phase]];
    const worst = (figure: 'requests' | 'writes') =>
      Math.max(nearby?.[figure] ?? 0, paced?.[figure] ?? 0);
    return [
      {
        name: `${phase}: requests (Terraform ${theirs.requests})`,
        value: worst('requests'),
        limit: limit.requests,
      },
      {
        name: `${phase}: writes (Terraform ${theirs.writes})`,
        value: worst('writes'),
        limit: limit.writes,
      },
      ...(nearby
        ? [
            {
              name: `${phase}: ms on the sandbox`,
              value: rounded(nearby.ms),
            },
          ]
        : []),
      ...(paced
        ? [
            {
              // At the pace of a real server only: what is asked in parallel then overlaps, however busy the machine.
              name: `${phase}: sequential depth (Terraform ${
                theirs.depth ?? '?'
              })`,
              value: paced.depth,
              limit: limit.depth,
            },
            {
              name: `${phase}: s at the pace of a real server (Terraform ${
                theirs.seconds ?? '?'
              })`,
              value: rounded((paced.ms * PACE) / 1000),
            },
          ]
        : []),
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
