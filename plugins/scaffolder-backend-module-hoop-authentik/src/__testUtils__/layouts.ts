import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { SandboxProcess } from 'sandbox';
import yaml from 'yaml';
import { callCluster } from './callCluster';

/** An object as it is written to the cluster. @internal */
export interface ClusterObject {
  apiVersion: string;
  kind: 'ConfigMap' | 'Secret' | 'Deployment';
  metadata: { name: string };
  stringData?: Record<string, string>;
  spec?: object;
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

/** The objects of a fixture. @internal */
export async function readLayout(
  { authentik, gateway }: SandboxProcess,
  file: string,
): Promise<ClusterObject[]> {
  const text = await readFile(
    resolve(__dirname, '../__fixtures__/layouts', file),
    'utf8',
  );
  return yaml
    .parseAllDocuments(
      text
        .replaceAll('${GATEWAY_URL}', gateway.url)
        .replaceAll('${AUTHENTIK_URL}', authentik.url),
    )
    .map(document => document.toJS());
}

/** Gives the sandbox's gateway the objects of a fixture to read its environment from, and waits until it runs with it. */
export async function loadLayout(
  sandbox: SandboxProcess,
  file: string,
): Promise<void> {
  await loadObjects(sandbox, await readLayout(sandbox, file));
}

/** The same with objects of which the Deployment is the last. @internal */
export async function loadObjects(
  sandbox: SandboxProcess,
  objects: ClusterObject[],
): Promise<void> {
  await callCluster(sandbox, 'DELETE', 'configmaps/hoopgateway');
  for (const object of objects) {
    if (object.kind === 'Deployment') {
      await callCluster(
        sandbox,
        'PATCH',
        `deployments/${sandbox.kubernetes.deployment}`,
        object,
      );
    } else {
      await callCluster(sandbox, 'POST', PATHS[object.kind], object);
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
