import assert from 'node:assert/strict';
import {
  desiredIntegration,
  type HoopAuthentikService,
} from 'backstage-plugin-hoop-authentik-node';
import {
  integrationReport,
  observeIntegration,
} from 'backstage-plugin-hoop-authentik-node/alpha';
import type { RecordedRequest, SandboxProcess } from 'sandbox';
import { InFlight } from './inFlight';
import { sequentialDepth } from './sequentialDepth';

/** What one full check cost. */
export interface CheckCost {
  requests: RecordedRequest[];
  depth: number;
  ms: number;
}

/** What the checks of many integrations cost. */
export interface ManyCost {
  ms: number;
  requests: number;
  /** At the host that was asked most at once. */
  inFlight: number;
  /** Resident memory above that of the same process before, in MB. */
  megabytes: number;
}

/** Integrations looked at together; each asks several systems. */
const AT_ONCE = 16;

const MEGABYTE = 1024 * 1024;

async function checkGateway(service: HoopAuthentikService, name: string) {
  const { config, authentik, systems } = service.getGateway(name);
  const desired = desiredIntegration(config, authentik);
  return integrationReport(
    '',
    { gateway: config, authentik },
    desired,
    await observeIntegration(systems, desired),
  );
}

/** Requests of the plugins; those of the gateway itself are its own affair. */
async function ownRequests(sandbox: SandboxProcess, since: number) {
  const { requests } = await sandbox.control.requests(since);
  return requests.filter(({ from }) => from !== 'gateway');
}

/** Checks the first gateway once. */
export async function measureOne(
  sandbox: SandboxProcess,
  service: HoopAuthentikService,
): Promise<CheckCost> {
  const { seq } = await sandbox.control.requests(Number.MAX_SAFE_INTEGER);
  const start = performance.now();
  const { state } = await checkGateway(service, '0');
  const ms = performance.now() - start;
  assert.equal(state, 'connected');
  const requests = await ownRequests(sandbox, seq);
  const resources = new Set(
    requests.map(({ system, method, path }) => `${system} ${method} ${path}`),
  );
  assert.equal(resources.size, requests.length, 'each resource is read once');
  return { requests, depth: sequentialDepth(requests), ms };
}

/**
 * Checks every gateway of a service.
 *
 * @param idle - resident memory of this process before it had anything to do with them, in bytes
 */
export async function measureMany(
  sandbox: SandboxProcess,
  service: HoopAuthentikService,
  idle: number,
): Promise<ManyCost> {
  const { seq } = await sandbox.control.requests(Number.MAX_SAFE_INTEGER);
  const left = service.gatewayNames();
  const inFlight = new InFlight();
  let peak = process.memoryUsage().rss;
  const sampler = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage().rss);
  }, 50);
  inFlight.start();
  const work = async () => {
    for (let name = left.shift(); name; name = left.shift()) {
      const { checks } = await checkGateway(service, name);
      const unknown = checks.filter(({ status }) => status === 'unknown');
      assert.deepEqual(unknown, []);
    }
  };
  const start = performance.now();
  try {
    await Promise.all(Array.from({ length: AT_ONCE }, work));
  } finally {
    clearInterval(sampler);
    inFlight.stop();
  }
  const ms = performance.now() - start;
  const after = await sandbox.control.requests(Number.MAX_SAFE_INTEGER);
  return {
    ms,
    requests: after.seq - seq,
    inFlight: inFlight.most(),
    megabytes: (peak - idle) / MEGABYTE,
  };
}
