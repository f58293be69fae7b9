import assert from 'node:assert/strict';
import { it } from 'node:test';
import { FIELD_MANAGER } from 'backstage-plugin-hoop-authentik-node/alpha';
import type { ClusterWorkbench } from '../ClusterWorkbench';

const base64 = (text: string) => Buffer.from(text).toString('base64');

export function objectStatements(workbench: ClusterWorkbench): void {
  it('what does not exist reads as nothing, and a deletion of it is no error', async () => {
    const { client, namespace } = workbench;
    const name = workbench.name();
    assert.equal(await client.get('ConfigMap', namespace, name), undefined);
    assert.equal(await client.delete('ConfigMap', namespace, name), false);
  });

  it('a new object has an identity, a version and the time of its creation', async () => {
    const { client } = workbench;
    const object = workbench.configMap({ data: { A: '1' } });
    const { metadata, data } = await client.create('ConfigMap', object);
    assert.ok(metadata.uid && metadata.resourceVersion);
    assert.ok(Date.parse(metadata.creationTimestamp ?? '') > 0);
    assert.deepEqual(data, { A: '1' });
  });

  it('every write names us as manager of the fields it set, with its time', async () => {
    const { client, namespace } = workbench;
    const object = workbench.configMap({ data: { A: '1' } });
    const { name } = object.metadata;
    await client.create('ConfigMap', object);
    await client.patch('ConfigMap', namespace, name, {
      type: 'merge',
      body: { data: { B: '2' } },
    });
    const { metadata } = await workbench.read('ConfigMap', name);
    const ours = metadata.managedFields?.filter(
      ({ manager, operation }) =>
        manager === FIELD_MANAGER && operation === 'Update',
    );
    assert.equal(ours?.length, 1);
    assert.ok(Date.parse(ours[0].time ?? '') > 0);
    assert.match(JSON.stringify(ours[0].fieldsV1), /"f:A".*"f:B"/);
  });

  it('the data of a Secret is base64, given back as it was sent', async () => {
    const { client } = workbench;
    const data = { KEY: base64('a value with ünïcode') };
    const object = workbench.secret({ data });
    assert.deepEqual((await client.create('Secret', object)).data, data);
    const { type, data: read } = await workbench.read(
      'Secret',
      object.metadata.name,
    );
    assert.equal(type, 'Opaque');
    assert.deepEqual(read, data);
  });

  it('data of a Secret that is no base64 is refused, without its text in our error', async () => {
    const text = 'no base64 at all!';
    await assert.rejects(
      workbench.client.create(
        'Secret',
        workbench.secret({ data: { KEY: text } }),
      ),
      (error: Error) => {
        assert.equal(error.name, 'InputError');
        assert.ok(!error.message.includes(text));
        return true;
      },
    );
  });

  it('an immutable object refuses new data with 422, and can be deleted', async () => {
    const { client, namespace } = workbench;
    for (const kind of ['ConfigMap', 'Secret'] as const) {
      const object = {
        ...(kind === 'Secret' ? workbench.secret() : workbench.configMap()),
        data: { A: base64('1') },
        immutable: true,
      };
      const { name } = object.metadata;
      await client.create(kind, object);
      await assert.rejects(
        client.patch(kind, namespace, name, {
          type: 'merge',
          body: { data: { A: base64('2') } },
        }),
        { name: 'InputError', message: /immutable/ },
      );
      const { status } = await workbench.raw(
        'PATCH',
        workbench.core(`${kind.toLowerCase()}s/${name}`),
        {
          contentType: 'application/merge-patch+json',
          body: { data: { A: base64('2') } },
        },
      );
      assert.equal(status, 422);
      assert.equal(await client.delete(kind, namespace, name), true);
    }
  });

  it('a dry run validates and answers, and stores nothing', async () => {
    const { client, namespace } = workbench;
    const object = workbench.configMap({ data: { A: '1' } });
    const { name } = object.metadata;
    const dryRun = { dryRun: true };
    const answer = await client.create('ConfigMap', object, dryRun);
    assert.deepEqual(answer.data, { A: '1' });
    assert.equal(await client.get('ConfigMap', namespace, name), undefined);
    await client.create('ConfigMap', object);
    const patched = await client.patch(
      'ConfigMap',
      namespace,
      name,
      { type: 'merge', body: { data: { A: '2' } } },
      dryRun,
    );
    assert.deepEqual(patched.data, { A: '2' });
    const { data } = await workbench.read('ConfigMap', name);
    assert.deepEqual(data, { A: '1' });
  });

  it('a list is selected by labels, and its pages follow each other', async () => {
    const { client, namespace } = workbench;
    const group = workbench.name();
    for (const part of ['a', 'b', 'c']) {
      const object = workbench.configMap();
      object.metadata.labels = { group, part };
      await client.create('ConfigMap', object);
    }
    const count = async (labelSelector: string) =>
      (await client.list('ConfigMap', namespace, { labelSelector })).items
        .length;
    assert.equal(await count(`group=${group}`), 3);
    assert.equal(await count(`group=${group},part in (a,b)`), 2);
    assert.equal(await count(`group=${group},part notin (a,b)`), 1);
    assert.equal(await count(`group=${group},!part`), 0);
    const { body } = await workbench.raw(
      'GET',
      workbench.core(`configmaps?labelSelector=group%3D${group}&limit=2`),
    );
    const page = body as { items: unknown[]; metadata: { continue?: string } };
    assert.equal(page.items.length, 2);
    assert.ok(page.metadata.continue);
  });
}
