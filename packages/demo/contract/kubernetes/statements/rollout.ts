import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { Deployment } from 'backstage-plugin-hoop-authentik-node/alpha';
import type { ClusterWorkbench } from '../ClusterWorkbench';

const PATIENCE_SECONDS = 60;

/** The Deployment once its controller has seen its newest generation, as a watch tells it. */
async function observed(
  { client, namespace }: ClusterWorkbench,
  from: Deployment,
): Promise<Deployment> {
  const isObserved = ({ metadata, status }: Deployment) =>
    status?.observedGeneration === metadata.generation;
  if (isObserved(from)) {
    return from;
  }
  const events = client.watch('Deployment', namespace, {
    fieldSelector: `metadata.name=${from.metadata.name}`,
    timeoutSeconds: PATIENCE_SECONDS,
  });
  for await (const { type, object } of events) {
    // A bookmark has no generation.
    if (type !== 'BOOKMARK' && isObserved(object)) {
      return object;
    }
  }
  throw new Error('the controller did not see the newest generation in time');
}

export function rolloutStatements(workbench: ClusterWorkbench): void {
  const restart = (name: string, mark: string) =>
    workbench.client.patch('Deployment', workbench.namespace, name, {
      type: 'strategic',
      body: {
        spec: {
          template: {
            metadata: {
              annotations: { 'kubectl.kubernetes.io/restartedAt': mark },
            },
          },
        },
      },
    });

  it('a mark on the template is a new generation, which the controller observes', async () => {
    const created = await workbench.client.create(
      'Deployment',
      workbench.deployment(),
    );
    const first = await observed(workbench, created);
    assert.equal(first.metadata.generation, 1);
    const answer = await restart(
      created.metadata.name,
      '2026-01-01T00:00:00.000Z',
    );
    assert.equal(answer.metadata.generation, 2);
    const { status, metadata } = await observed(workbench, answer);
    assert.equal(status?.observedGeneration, 2);
    // Absent stands for 0: nothing runs here.
    assert.equal(status?.replicas ?? 0, 0);
    assert.ok(metadata.annotations?.['deployment.kubernetes.io/revision']);
  });

  it('the same mark again is no new generation', async () => {
    const { metadata } = await workbench.client.create(
      'Deployment',
      workbench.deployment(),
    );
    const mark = '2026-01-01T00:00:00.000Z';
    const first = await restart(metadata.name, mark);
    const again = await restart(metadata.name, mark);
    assert.equal(again.metadata.generation, first.metadata.generation);
  });

  it('a label or annotation of the Deployment itself does not restart anything', async () => {
    const { metadata } = await workbench.client.create(
      'Deployment',
      workbench.deployment(),
    );
    const { metadata: labelled } = await workbench.client.patch(
      'Deployment',
      workbench.namespace,
      metadata.name,
      { type: 'merge', body: { metadata: { labels: { a: 'b' } } } },
    );
    assert.equal(labelled.generation, metadata.generation);
  });

  it('the selector of a Deployment cannot be changed', async () => {
    const { metadata } = await workbench.client.create(
      'Deployment',
      workbench.deployment(),
    );
    await assert.rejects(
      workbench.client.patch('Deployment', workbench.namespace, metadata.name, {
        type: 'merge',
        body: { spec: { selector: { matchLabels: { app: 'other' } } } },
      }),
      { name: 'InputError' },
    );
  });
}
