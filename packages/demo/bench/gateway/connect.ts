import { setTimeout as sleep } from 'node:timers/promises';
import { configureGateway } from 'backstage-plugin-hoop-authentik-node';
import type { RecordedRequest, SandboxProcess } from 'sandbox';
import { requestsDuring } from '../../contract/control';
import { isReview } from '../../src/writes';
import { sequentialDepth } from '../sequentialDepth';
import { startOver, type BenchGateway, type TargetChanges } from './portal';

/** What a run of `hoop:gateway:configure` asked of the cluster. */
export interface ConnectCost {
  /** Before the first write: what the plan is made from. */
  reads: number;
  /** The longest chain of requests up to the last write of the switch. */
  depth: number;
  reviews: number;
  /** Writes with `dryRun=All`; they change nothing either. */
  dryRuns: number;
  /** Up to the restart. */
  writes: number;
  /** Once the switch is verified: its mark, and what was kept for the way back. */
  writesAfter: number;
  watches: number;
  /** Of the Deployment, after it was written. */
  readsAgain: number;
  /** Pods while the rollout was followed, and the verification at its end. */
  others: number;
  ms: number;
}

const isWatch = ({ path }: RecordedRequest) => /[?&]watch=true/.test(path);
const isDryRun = ({ path }: RecordedRequest) => /[?&]dryRun=All/.test(path);
const isWrite = (request: RecordedRequest) =>
  request.method !== 'GET' && !isReview(request) && !isDryRun(request);

function costOf(requests: RecordedRequest[], ms: number): ConnectCost {
  const watches = requests.filter(isWatch);
  const startOf = ({ startedAt }: RecordedRequest) => Date.parse(startedAt);
  const firstWatch = Math.min(...watches.map(startOf));
  const allWrites = requests.filter(isWrite);
  const writes = allWrites.filter(write => startOf(write) <= firstWatch);
  const firstWrite = Math.min(...writes.map(startOf));
  const lastWrite = Math.max(...writes.map(startOf));
  const watchEnd = Math.max(
    ...watches.map(watch => startOf(watch) + watch.durationMs),
  );
  const plain = requests.filter(
    request => request.method === 'GET' && !isWatch(request),
  );
  const before = plain.filter(request => startOf(request) < firstWrite);
  const after = plain.filter(request => !before.includes(request));
  const again = after.filter(
    request =>
      startOf(request) < watchEnd && /\/deployments\//.test(request.path),
  );
  return {
    // With nothing to write, everything was read for the plan.
    reads: before.length,
    depth: sequentialDepth(
      requests.filter(
        request =>
          !isWatch(request) &&
          (writes.length === 0 || startOf(request) <= lastWrite),
      ),
    ),
    reviews: requests.filter(isReview).length,
    dryRuns: requests.filter(isDryRun).length,
    writes: writes.length,
    writesAfter: allWrites.length - writes.length,
    watches: watches.length,
    readsAgain: again.length,
    others: after.length - again.length,
    ms,
  };
}

async function run(
  { control }: SandboxProcess,
  { gateway, desired }: BenchGateway,
  watches: number,
): Promise<ConnectCost> {
  let ms = NaN;
  const requests = await requestsDuring(
    control.url,
    async () => {
      const { seq } = await control.requests(Number.MAX_SAFE_INTEGER);
      const start = performance.now();
      await configureGateway(gateway.systems, desired, { log: () => {} });
      ms = performance.now() - start;
      await untilWatchesEnded(control, seq, watches);
    },
    'kubernetes',
  );
  return costOf(requests, ms);
}

/** A watch is on record once its connection is closed, which may be a moment after the run. */
async function untilWatchesEnded(
  control: SandboxProcess['control'],
  seq: number,
  expected: number,
): Promise<void> {
  const deadline = Date.now() + 10_000;
  while (Date.now() < deadline) {
    const { requests } = await control.requests(seq);
    if (requests.filter(isWatch).length >= expected) {
      return;
    }
    await sleep(20);
  }
}

/** Connects a gateway that signs in locally, and does it again. */
export async function measureConnect(
  sandbox: SandboxProcess,
  target: TargetChanges,
  latencyMs: number,
): Promise<{ connect: ConnectCost; unchanged: ConnectCost }> {
  const portal = await startOver(sandbox, target);
  try {
    if (latencyMs > 0) {
      await sandbox.control.faults({ system: 'kubernetes', latencyMs });
    }
    return {
      connect: await run(sandbox, portal, 1),
      unchanged: await run(sandbox, portal, 0),
    };
  } finally {
    await sandbox.control.clearFaults();
    await portal.close();
  }
}
