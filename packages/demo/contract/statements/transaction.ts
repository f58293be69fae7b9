import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { AuthentikBindingFields } from 'backstage-plugin-hoop-authentik-node/alpha';
import type { Workbench } from '../Workbench';

const NOBODY = '00000000-0000-4000-8000-000000000000';

export function transactionStatements(workbench: Workbench): void {
  const create = async (
    slugWord: string,
    providerWord: string,
    bindings: AuthentikBindingFields[] = [],
  ) => {
    const slug = workbench.slug(slugWord);
    return workbench.client.createApplicationWithProvider({
      application: { name: slug, slug },
      provider: await workbench.providerFields(providerWord),
      bindings,
    });
  };

  const assertNothing = async (slugWord: string, providerWord: string) => {
    const { client } = workbench;
    assert.equal(
      await client.getApplication(workbench.name(slugWord)),
      undefined,
    );
    assert.equal(
      await client.findProviderByName(workbench.name(providerWord)),
      undefined,
    );
  };

  it('one request creates application, provider and bindings, and says that it was applied', async () => {
    const { groups } = await workbench.references();
    const given = groups.map(({ pk }, order) => ({ group: pk, order }));
    assert.deepEqual(await create('whole', 'whole', given), { applied: true });
    const { application } = await workbench.readPair(workbench.name('whole'));
    const bindings = await workbench.client.listBindings(application.pk);
    assert.deepEqual(
      bindings.map(({ group, order }) => ({ group, order })),
      given,
    );
  });

  it('a taken slug is refused, and no provider comes of it', async () => {
    await create('taken', 'taken');
    await assert.rejects(create('taken', 'taken-other'), {
      name: 'ConflictError',
      message: /slug already exists/,
    });
    assert.equal(
      await workbench.client.findProviderByName(workbench.name('taken-other')),
      undefined,
    );
  });

  it('a taken provider name is refused as one that must be created, and no application comes of it', async () => {
    await create('named', 'named');
    await assert.rejects(create('named-other', 'named'), {
      name: 'ConflictError',
      message: /must_created and object exists already/,
    });
    assert.equal(
      await workbench.client.getApplication(workbench.name('named-other')),
      undefined,
    );
  });

  it('nothing is left behind when a binding is refused', async () => {
    await assert.rejects(
      create('bad-binding', 'bad-binding', [{ group: NOBODY, order: 0 }]),
      { name: 'InputError', message: /policy_bindings.*object does not exist/ },
    );
    await assertNothing('bad-binding', 'bad-binding');
  });

  it('nothing is left behind when the provider is refused', async () => {
    const slug = workbench.slug('bad-flow');
    await assert.rejects(
      workbench.client.createApplicationWithProvider({
        application: { name: slug, slug },
        provider: await workbench.providerFields('bad-flow', {
          authorizationFlow: NOBODY,
        }),
        bindings: [],
      }),
      { name: 'InputError', message: /authorization_flow.*does not exist/ },
    );
    await assertNothing('bad-flow', 'bad-flow');
  });
}
