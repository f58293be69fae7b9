import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { startSandboxProcess, type SandboxProcess } from 'sandbox';
import { GATEWAYS, measureBulk, NAMESPACES } from './gateway/bulk';
import { measureConnect, type ConnectCost } from './gateway/connect';
import type { TargetChanges } from './gateway/portal';
import { measureRollout } from './gateway/rollout';
import { rounded, type Measure } from './measures';
import { report, runBench } from './runBench';

/** Delay of each answer, as between two data centres. */
const LATENCY_MS = 50;

/** Where the settings are kept, and how many objects have to be read for that. */
const LAYOUTS: Array<{ title: string; target: TargetChanges; reads: number }> =
  [
    {
      title: 'connect, in the ConfigMap the gateway reads',
      target: { configMap: 'hoopgateway', clientSecretIn: 'configMap' },
      // The Deployment, the ConfigMap, and what an interrupted run may have left.
      reads: 3,
    },
    {
      title: 'connect, in objects of our own',
      target: {},
      // The Deployment, the two objects, the ConfigMap that this gateway reads beside them, and what was left.
      reads: 5,
    },
  ];

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { json: { type: 'boolean', default: false } },
  });
  const sandbox = await startSandboxProcess({ rolloutDelayMs: 200 });
  try {
    // With --json the output is the document alone.
    (values.json ? process.stderr : process.stdout).write(
      `gateway bench on: sandbox cluster and gateway, Node ${
        process.version
      }, ${availableParallelism()} CPUs\n`,
    );
    const measures = await measure(sandbox);
    report(measures, values.json);
  } finally {
    await sandbox.stop();
  }
}

async function measure(sandbox: SandboxProcess): Promise<Measure[]> {
  const measures: Measure[] = [];
  for (const { title, target, reads } of LAYOUTS) {
    const near = await measureConnect(sandbox, target, 0);
    const far = await measureConnect(sandbox, target, LATENCY_MS);
    measures.push(
      ...connectMeasures(title, near.connect, far.connect, reads),
      ...unchangedMeasures(title, near.unchanged, far.unchanged, reads),
    );
  }
  measures.push({
    name: 'rollout: ms from complete to noticed',
    value: rounded(await measureRollout(sandbox)),
    limit: 250,
  });
  const bulk = await measureBulk(sandbox);
  const title = `${GATEWAYS} gateways in ${NAMESPACES} namespaces`;
  return [
    ...measures,
    {
      name: `${title}: lists per namespace`,
      value: bulk.listsPerNamespace,
      limit: 2,
    },
    { name: `${title}: objects read by name`, value: bulk.gets },
    { name: `${title}: writes`, value: bulk.writes, limit: 0 },
    { name: `${title}: ms`, value: rounded(bulk.ms) },
  ];
}

function connectMeasures(
  title: string,
  near: ConnectCost,
  far: ConnectCost,
  reads: number,
): Measure[] {
  const worst = (figure: keyof ConnectCost) =>
    Math.max(near[figure], far[figure]);
  return [
    {
      name: `${title}: reads before the switch`,
      value: worst('reads'),
      limit: reads,
    },
    { name: `${title}: dry runs`, value: worst('dryRuns'), limit: 3 },
    { name: `${title}: writes`, value: worst('writes'), limit: 3 },
    {
      name: `${title}: writes once it is verified`,
      value: worst('writesAfter'),
      limit: 2,
    },
    { name: `${title}: watches`, value: worst('watches'), limit: 1 },
    {
      name: `${title}: Deployment read again`,
      value: worst('readsAgain'),
      limit: 0,
    },
    { name: `${title}: questions about rights`, value: worst('reviews') },
    {
      name: `${title}: pods while it rolls out, verification`,
      value: near.others,
    },
    {
      // With latency only: what is asked at once then overlaps, however busy the machine.
      name: `${title}: sequential depth up to the restart`,
      value: far.depth,
      // Four rounds of reads, one of rights, one for each write and each dry run.
      limit: 5 + far.dryRuns + far.writes,
    },
    { name: `${title}: ms at 0 ms latency`, value: rounded(near.ms) },
    {
      name: `${title}: ms at ${LATENCY_MS} ms latency`,
      value: rounded(far.ms),
    },
  ];
}

function unchangedMeasures(
  title: string,
  near: ConnectCost,
  far: ConnectCost,
  reads: number,
): Measure[] {
  return [
    {
      name: `${title}, again: reads`,
      value: Math.max(near.reads, far.reads),
      // An interrupted run may have left something only before a switch.
      limit: Math.min(reads, 4),
    },
    {
      name: `${title}, again: writes`,
      value: Math.max(near.writes, far.writes),
      limit: 0,
    },
    {
      name: `${title}, again: questions about rights`,
      value: Math.max(near.reviews, far.reviews),
      limit: 0,
    },
  ];
}

runBench(main);
