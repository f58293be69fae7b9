import assert from 'node:assert/strict';
import { it } from 'node:test';
import { OAUTH2_PROVIDER_MODEL } from 'backstage-plugin-hoop-authentik-node/alpha';
import type { Workbench } from '../Workbench';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export function applicationStatements(workbench: Workbench): void {
  it('an application is read by its slug, and says which provider it has', async () => {
    const { application, provider } = await workbench.addPair('read');
    assert.match(application.pk, UUID);
    assert.equal(application.slug, workbench.name('read'));
    assert.equal(application.provider, provider.pk);
    assert.equal(application.providerModel, OAUTH2_PROVIDER_MODEL);
    assert.equal(provider.assignedApplicationSlug, application.slug);
  });

  it('slugs are told apart by their case', async () => {
    const { application } = await workbench.addPair('case');
    assert.equal(
      await workbench.client.getApplication(application.slug.toUpperCase()),
      undefined,
    );
  });

  it('what a change does not send stays as it was', async () => {
    const { application } = await workbench.addPair('keep', {
      application: {
        group: 'Contract',
        metaPublisher: 'Publisher',
        metaLaunchUrl: 'https://launch.contract.invalid/',
        openInNewTab: true,
        policyEngineMode: 'all',
      },
    });
    const metaDescription = 'changed';
    const changed = await workbench.client.updateApplication(application.slug, {
      metaDescription,
    });
    assert.deepEqual(changed, { ...application, metaDescription });
    const { application: read } = await workbench.readPair(application.slug);
    assert.deepEqual(read, changed);
  });

  it('an application has at most one provider, and a provider one application', async () => {
    const { provider } = await workbench.addPair('one');
    const slug = workbench.slug('other');
    await assert.rejects(
      workbench.client.createApplication({
        name: slug,
        slug,
        provider: provider.pk,
      }),
      { name: 'ConflictError', message: /provider already exists/ },
    );
    assert.equal(await workbench.client.getApplication(slug), undefined);
  });

  it('deleting an application leaves its provider, and takes its bindings along', async () => {
    const { groups } = await workbench.references();
    const { application, provider } = await workbench.addPair('app-gone', {
      bindings: [{ group: groups[0].pk, order: 0 }],
    });
    await workbench.client.deleteApplication(application.slug);
    const left = await workbench.client.getProvider(provider.pk);
    assert.equal(left?.pk, provider.pk);
    assert.equal(left.assignedApplicationSlug, undefined);
    const bindings = await workbench.client.listAllBindings();
    assert.deepEqual(
      bindings.filter(({ target }) => target === application.pk),
      [],
    );
  });

  it('deleting a provider leaves its application without one', async () => {
    const { application, provider } = await workbench.addPair('provider-gone');
    await workbench.client.deleteProvider(provider.pk);
    const left = await workbench.client.getApplication(application.slug);
    assert.equal(left?.pk, application.pk);
    assert.equal(left.provider, undefined);
  });

  it('the list hides what its reader may not open, and its full form is for superusers: the slug finds all', async () => {
    const { groups } = await workbench.references();
    const { application } = await workbench.addPair('hidden', {
      bindings: [{ group: groups[0].pk, order: 0 }],
    });
    const { isSuperuser } = await workbench.client.getSelf();
    const answer = await workbench.raw(
      'GET',
      `core/applications/?superuser_full_list=true&search=${application.slug}`,
    );
    assert.equal(answer.status, 200);
    const { results } = JSON.parse(answer.text) as {
      results: Array<{ slug: string }>;
    };
    assert.equal(
      results.some(({ slug }) => slug === application.slug),
      isSuperuser,
    );
    assert.ok(await workbench.client.getApplication(application.slug));
  });
}
