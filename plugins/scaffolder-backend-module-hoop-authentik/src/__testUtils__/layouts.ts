import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { SandboxProcess } from 'sandbox';
import yaml from 'yaml';
import { callCluster } from './callCluster';

interface Fixture {
  kind: 'ConfigMap' | 'Secret' | 'Deployment';
  metadata: { name: string };
}

interface RolledOut {
  metadata: { generation: number };
  status?: {
    observedGeneration?: number;
    replicas?: number;
    updatedReplicas?: number;
    availableReplicas?: number;
  };
}

const PATHS = { ConfigMap: 'configmaps', Secret: 'secrets' };
const PATIENCE_MS = 40_000;

/** Gives the sandbox's gateway another set of objects to read its environment from, and waits until it runs with it. */
export async function loadLayout(
  sandbox: SandboxProcess,
  file: string,
): Promise<void> {
  const text = await readFile(
    resolve(__dirname, '../__fixtures__/layouts', file),
    'utf8',
  );
  const fixtures: Fixture[] = yaml
    .parseAllDocuments(text.replaceAll('${GATEWAY_URL}', sandbox.gateway.url))
    .map(document => document.toJS());
  await callCluster(sandbox, 'DELETE', 'configmaps/hoopgateway');
  for (const fixture of fixtures) {
    if (fixture.kind === 'Deployment') {
      await callCluster(
        sandbox,
        'PATCH',
        `deployments/${sandbox.kubernetes.deployment}`,
        fixture,
      );
    } else {
      await callCluster(sandbox, 'POST', PATHS[fixture.kind], fixture);
    }
  }
  await waitForGateway(sandbox);
}

/** Restarts the gateway as `kubectl rollout restart` does, and waits until it runs; fails where it does not boot. */
export async function restartGateway(sandbox: SandboxProcess): Promise<void> {
  await callCluster(
    sandbox,
    'PATCH',
    `deployments/${sandbox.kubernetes.deployment}`,
    {
      spec: {
        template: {
          metadata: { annotations: { 'test/restart': String(Date.now()) } },
        },
      },
    },
  );
  await waitForGateway(sandbox);
}

async function waitForGateway(sandbox: SandboxProcess): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS;
  while (!(await isRunning(sandbox))) {
    if (Date.now() > deadline) {
      throw new Error('The gateway of the sandbox did not come up');
    }
    await new Promise(done => {
      setTimeout(done, 50);
    });
  }
}

async function isRunning(sandbox: SandboxProcess): Promise<boolean> {
  const { metadata, status = {} } = await callCluster<RolledOut>(
    sandbox,
    'GET',
    `deployments/${sandbox.kubernetes.deployment}`,
  );
  if (
    (status.observedGeneration ?? 0) < metadata.generation ||
    status.replicas !== 1 ||
    status.updatedReplicas !== 1 ||
    status.availableReplicas !== 1
  ) {
    return false;
  }
  try {
    const { ok } = await fetch(`${sandbox.gateway.url}/api/publicserverinfo`);
    return ok;
  } catch {
    return false;
  }
}
