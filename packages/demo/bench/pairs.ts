import {
  ensureApplication,
  type ApplicationSpec,
} from 'backstage-plugin-hoop-authentik-node';
import type { SandboxProcess } from 'sandbox';
import type { Connection } from '../contract/connect';
import { requestsDuring, writesOf } from '../contract/control';
import { sequentialDepth } from './sequentialDepth';

/** What one run of ensureApplication cost. */
export interface Cost {
  requests: number;
  writes: number;
  depth: number;
  ms: number;
}

export interface PairCosts {
  create: Cost;
  unchanged: Cost;
  change: Cost;
}

/** Median of this many runs, each on a pair of its own. */
const RUNS = 7;

/** Creates pairs with two bindings, ensures each of them again, and again with one field changed. */
export async function measurePairs(
  sandbox: SandboxProcess,
  connection: Connection,
  latencyMs: number,
): Promise<PairCosts> {
  if (latencyMs > 0) {
    await sandbox.control.faults({ system: 'authentik', latencyMs });
  }
  const runs: PairCosts[] = [];
  for (let run = 0; run < RUNS; run++) {
    const spec: ApplicationSpec = {
      slug: `bench-${latencyMs}-${run}`,
      name: `Bench ${latencyMs} ${run}`,
      bindings: [{ group: 'engineering' }, { group: 'finance' }],
    };
    const cost = (changed?: Partial<ApplicationSpec>) =>
      costOf(sandbox, connection, { ...spec, ...changed });
    runs.push({
      create: await cost(),
      unchanged: await cost(),
      change: await cost({ description: 'changed' }),
    });
  }
  await sandbox.control.clearFaults();
  return {
    create: summary(runs.map(({ create }) => create)),
    unchanged: summary(runs.map(({ unchanged }) => unchanged)),
    change: summary(runs.map(({ change }) => change)),
  };
}

async function costOf(
  sandbox: SandboxProcess,
  { client, context }: Connection,
  spec: ApplicationSpec,
): Promise<Cost> {
  let ms = NaN;
  const requests = await requestsDuring(sandbox.control.url, async () => {
    const start = performance.now();
    await ensureApplication(client, spec, context);
    ms = performance.now() - start;
  });
  return {
    requests: requests.length,
    writes: writesOf(requests).length,
    depth: sequentialDepth(requests),
    ms,
  };
}

/** The median time; of the counts, which limits apply to, the worst. */
function summary(costs: Cost[]): Cost {
  const worst = (count: (cost: Cost) => number) =>
    Math.max(...costs.map(count));
  const times = costs.map(({ ms }) => ms).sort((a, b) => a - b);
  return {
    requests: worst(({ requests }) => requests),
    writes: worst(({ writes }) => writes),
    depth: worst(({ depth }) => depth),
    ms: times[Math.floor(times.length / 2)],
  };
}
