import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { ClusterWorkbench } from '../ClusterWorkbench';

export function patchStatements(workbench: ClusterWorkbench): void {
  const make = async (data: Record<string, string>) => {
    const object = workbench.configMap({ data });
    await workbench.client.create('ConfigMap', object);
    return object.metadata.name;
  };

  it('a merge patch sets the keys it names, removes those that are null and keeps the others', async () => {
    const name = await make({ A: '1', B: '2', C: '3' });
    const { data } = await workbench.client.patch(
      'ConfigMap',
      workbench.namespace,
      name,
      { type: 'merge', body: { data: { A: 'new', B: null, D: '4' } } },
    );
    assert.deepEqual(data, { A: 'new', C: '3', D: '4' });
  });

  it('a merge patch that changes nothing leaves the version as it is', async () => {
    const name = await make({ A: '1' });
    const before = await workbench.read('ConfigMap', name);
    const after = await workbench.client.patch(
      'ConfigMap',
      workbench.namespace,
      name,
      { type: 'merge', body: { data: { A: '1' } } },
    );
    assert.equal(
      after.metadata.resourceVersion,
      before.metadata.resourceVersion,
    );
  });

  it('a strategic merge patch finds containers and variables by name, and replaces envFrom whole', async () => {
    const { client, namespace } = workbench;
    const deployment = await client.create(
      'Deployment',
      workbench.deployment(),
    );
    const envFrom = [{ secretRef: { name: 'two', optional: true } }];
    const patched = await client.patch(
      'Deployment',
      namespace,
      deployment.metadata.name,
      {
        type: 'strategic',
        body: {
          spec: {
            template: {
              metadata: { annotations: { mark: 'x' } },
              spec: {
                containers: [
                  {
                    name: 'gateway',
                    env: [{ name: 'B', value: '2' }],
                    envFrom,
                  },
                ],
              },
            },
          },
        },
      },
    );
    const { metadata, spec } = patched.spec.template;
    assert.equal(metadata?.annotations?.mark, 'x');
    assert.deepEqual(
      spec.containers.map(({ name }) => name),
      ['gateway', 'sidecar'],
    );
    const [gateway] = spec.containers;
    assert.equal(gateway.image, 'registry.k8s.io/pause:3.9');
    assert.deepEqual(gateway.envFrom, envFrom);
    assert.deepEqual(gateway.env?.map(({ name }) => name).sort(), ['A', 'B']);
  });

  it('a patch of what does not exist is 404', async () => {
    await assert.rejects(
      workbench.client.patch(
        'ConfigMap',
        workbench.namespace,
        workbench.name(),
        { type: 'merge', body: { data: {} } },
      ),
      { name: 'NotFoundError' },
    );
  });

  it('any other content type is refused with 415', async () => {
    const name = await make({ A: '1' });
    const { status, body } = await workbench.raw(
      'PATCH',
      workbench.core(`configmaps/${name}`),
      { contentType: 'application/json', body: { data: { A: '2' } } },
    );
    assert.equal(status, 415);
    assert.equal((body as { kind: string }).kind, 'Status');
  });
}
