import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  DefaultKubernetesClient,
  type Deployment,
} from 'backstage-plugin-hoop-authentik-node/alpha';
import type { SandboxProcess } from 'sandbox';
import { startOver } from './portal';

/** Median of this many restarts. */
const RUNS = 5;

/** kubectl's rule, in words of our own, so that the bench does not believe what it measures. */
function isComplete(
  { metadata, spec, status = {} }: Deployment,
  generation: number,
): boolean {
  const { replicas = 1 } = spec;
  return (
    (metadata.generation ?? 0) > generation &&
    status.observedGeneration === metadata.generation &&
    status.updatedReplicas === replicas &&
    status.replicas === replicas &&
    status.availableReplicas === replicas
  );
}

/** Until a second watch sees the next rollout complete. */
async function untilComplete(
  client: DefaultKubernetesClient,
  { namespace, deployment }: SandboxProcess['kubernetes'],
  { metadata }: Deployment,
): Promise<void> {
  const events = client.watch('Deployment', namespace, {
    fieldSelector: `metadata.name=${deployment}`,
    resourceVersion: metadata.resourceVersion,
  });
  for await (const { object } of events) {
    if (isComplete(object, metadata.generation ?? 0)) {
      return;
    }
  }
  throw new Error('the watch ended before the rollout was complete');
}

/** The cluster calls a gateway available that still boots: it has no readiness probe. */
async function untilAnswering(url: string): Promise<void> {
  for (;;) {
    const { ok } = await fetch(`${url}/api/publicserverinfo`);
    if (ok) {
      return;
    }
    await sleep(10);
  }
}

/**
 * What waiting for a rollout adds, in milliseconds: from the moment in which the cluster reports it as complete, or the
 * gateway answers where that is later, to the end of the restart.
 */
export async function measureRollout(sandbox: SandboxProcess): Promise<number> {
  const { gateway, close } = await startOver(sandbox, {});
  const { kubernetes } = sandbox;
  const client = await DefaultKubernetesClient.create({
    cluster: { kubeconfig: kubernetes.kubeconfigPath },
  });
  try {
    const delays: number[] = [];
    for (let run = 0; run < RUNS; run++) {
      const before = await client.get(
        'Deployment',
        kubernetes.namespace,
        kubernetes.deployment,
      );
      assert.ok(before);
      const completion = untilComplete(client, kubernetes, before)
        .then(() => untilAnswering(sandbox.gateway.url))
        .then(() => performance.now());
      await gateway.systems.target.restart({ log: () => {} });
      delays.push(performance.now() - (await completion));
    }
    delays.sort((a, b) => a - b);
    return Math.max(0, delays[Math.floor(RUNS / 2)]);
  } finally {
    await client.close();
    await close();
  }
}
