import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { ClusterWorkbench } from '../ClusterWorkbench';

/** Long enough for a cluster that is busy; the watch ends as soon as it has seen what it waits for. */
const PATIENCE_SECONDS = 60;

export function watchStatements(workbench: ClusterWorkbench): void {
  it('a watch from a version tells what happened since, of the object that the selector names', async () => {
    const { client, namespace } = workbench;
    const object = workbench.configMap({ data: { A: '1' } });
    const { metadata } = await client.create('ConfigMap', object);
    const { name } = metadata;
    const patch = (value: string) =>
      client.patch('ConfigMap', namespace, name, {
        type: 'merge',
        body: { data: { A: value } },
      });
    await patch('2');
    await client.create('ConfigMap', workbench.configMap());
    const seen: string[] = [];
    const events = client.watch('ConfigMap', namespace, {
      fieldSelector: `metadata.name=${name}`,
      resourceVersion: metadata.resourceVersion,
      timeoutSeconds: PATIENCE_SECONDS,
    });
    for await (const { type, object: changed } of events) {
      if (type === 'BOOKMARK') {
        continue;
      }
      assert.equal(changed.metadata.name, name);
      seen.push(`${type} ${changed.data?.A}`);
      if (seen.length === 1) {
        await patch('3');
      }
      if (seen.length === 2) {
        await client.delete('ConfigMap', namespace, name);
      }
      if (type === 'DELETED') {
        break;
      }
    }
    assert.deepEqual(seen, ['MODIFIED 2', 'MODIFIED 3', 'DELETED 3']);
  });

  it('a watch ends when its time is over', async () => {
    const { client, namespace } = workbench;
    const { resourceVersion } = await client.list('ConfigMap', namespace, {});
    const events = client.watch('ConfigMap', namespace, {
      fieldSelector: `metadata.name=${workbench.name()}`,
      resourceVersion,
      timeoutSeconds: 1,
    });
    for await (const { type } of events) {
      assert.equal(type, 'BOOKMARK');
    }
  });

  if (workbench.target.sandbox) {
    const { controlUrl } = workbench.target.sandbox;
    it('a version of the forgotten past has expired (sandbox only: it takes long elsewhere)', async () => {
      const { client, namespace } = workbench;
      const { metadata } = await client.create(
        'ConfigMap',
        workbench.configMap(),
      );
      await client.create('ConfigMap', workbench.configMap());
      await fetch(`${controlUrl}/kubernetes/compact`, { method: 'POST' });
      const events = client.watch('ConfigMap', namespace, {
        resourceVersion: metadata.resourceVersion,
      });
      await assert.rejects(events[Symbol.asyncIterator]().next(), {
        name: 'ConflictError',
        message: /expired/,
      });
    });
  }
}
