import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { ClusterWorkbench } from '../ClusterWorkbench';

export function concurrencyStatements(workbench: ClusterWorkbench): void {
  /** An object that somebody has changed since it was read. */
  const outdated = async () => {
    const { client, namespace } = workbench;
    const object = workbench.configMap({ data: { A: '1' } });
    const { metadata } = await client.create('ConfigMap', object);
    await client.patch('ConfigMap', namespace, metadata.name, {
      type: 'merge',
      body: { data: { A: 'theirs' } },
    });
    return metadata;
  };

  it('a patch on an old version is 409 and changes nothing', async () => {
    const { name, resourceVersion } = await outdated();
    for (const type of ['merge', 'strategic'] as const) {
      await assert.rejects(
        workbench.client.patch('ConfigMap', workbench.namespace, name, {
          type,
          body: { metadata: { resourceVersion }, data: { A: 'ours' } },
        }),
        { name: 'ConflictError' },
      );
    }
    const { data } = await workbench.read('ConfigMap', name);
    assert.deepEqual(data, { A: 'theirs' });
  });

  it('a patch on the newest version is carried out', async () => {
    const { name } = await outdated();
    const { metadata } = await workbench.read('ConfigMap', name);
    const { data } = await workbench.client.patch(
      'ConfigMap',
      workbench.namespace,
      name,
      {
        type: 'merge',
        body: {
          metadata: { resourceVersion: metadata.resourceVersion },
          data: { A: 'ours' },
        },
      },
    );
    assert.deepEqual(data, { A: 'ours' });
  });

  it('a patch that names the identity of an earlier object is 422, since the uid is a field like any other', async () => {
    const { name } = await outdated();
    await assert.rejects(
      workbench.client.patch('ConfigMap', workbench.namespace, name, {
        type: 'merge',
        body: {
          metadata: { uid: '00000000-0000-4000-8000-000000000000' },
          data: { A: 'ours' },
        },
      }),
      { name: 'InputError' },
    );
  });

  it('a deletion of an old version, or of another identity, is 409', async () => {
    const { name, resourceVersion } = await outdated();
    await assert.rejects(
      workbench.client.delete('ConfigMap', workbench.namespace, name, {
        resourceVersion,
      }),
      { name: 'ConflictError' },
    );
    const { status } = await workbench.raw(
      'DELETE',
      workbench.core(`configmaps/${name}`),
      {
        body: {
          apiVersion: 'v1',
          kind: 'DeleteOptions',
          preconditions: { uid: '00000000-0000-4000-8000-000000000000' },
        },
      },
    );
    assert.equal(status, 409);
    await workbench.read('ConfigMap', name);
  });

  it('a second creation is 409, and the first object stays', async () => {
    const object = workbench.configMap({ data: { A: 'first' } });
    await workbench.client.create('ConfigMap', object);
    await assert.rejects(
      workbench.client.create('ConfigMap', {
        ...object,
        data: { A: 'second' },
      }),
      { name: 'ConflictError' },
    );
    const { data } = await workbench.read('ConfigMap', object.metadata.name);
    assert.deepEqual(data, { A: 'first' });
  });

  it('of two patches on one version one wins', async () => {
    const object = workbench.configMap({ data: { A: '1' } });
    const { metadata } = await workbench.client.create('ConfigMap', object);
    const outcomes = await Promise.allSettled(
      ['left', 'right'].map(value =>
        workbench.client.patch(
          'ConfigMap',
          workbench.namespace,
          metadata.name,
          {
            type: 'merge',
            body: {
              metadata: { resourceVersion: metadata.resourceVersion },
              data: { A: value },
            },
          },
        ),
      ),
    );
    assert.deepEqual(outcomes.map(({ status }) => status).sort(), [
      'fulfilled',
      'rejected',
    ]);
  });
}
