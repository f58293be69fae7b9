import assert from 'node:assert/strict';
import { it } from 'node:test';
import {
  AuthentikPermissionError,
  ensureApplication,
  ensureBindings,
  type ApplicationSpec,
} from 'backstage-plugin-hoop-authentik-node';
import {
  deleteApplication,
  planDeletion,
} from 'backstage-plugin-hoop-authentik-node/alpha';
import type { Workbench } from '../Workbench';

/** The whole flow with the token of the suite, which on the sandbox is one without any right beyond the needed ones. */
export function leastPrivilegeStatements(workbench: Workbench): void {
  const { client } = workbench;
  const ensure = (spec: ApplicationSpec) =>
    ensureApplication(client, spec, {
      ...workbench.context,
      claimedApplication: spec.slug,
    });

  it('a new pair is created with its bindings', async () => {
    const { groups } = await workbench.references();
    const ensured = await ensure(
      workbench.spec('flow', {
        bindings: groups.map(({ name }) => ({ group: name })),
      }),
    );
    assert.equal(ensured.plan.action, 'create');
    // A certificate, the application, the provider, a binding for each group, and the join.
    assert.equal(ensured.writes, 4 + groups.length);
    const { application, provider } = await workbench.readPair(ensured.slug);
    assert.equal(ensured.applicationId, application.pk);
    assert.equal(ensured.providerId, provider.pk);
    assert.equal(ensured.clientId, provider.clientId);
    const bindings = await client.listBindings(application.pk);
    assert.deepEqual(
      bindings.map(({ group }) => group),
      groups.map(({ pk }) => pk),
    );
  });

  it('what was created can be signed in with, as far as that shows from outside', async () => {
    const ensured = await ensure(workbench.spec('probed'));
    const { provider } = await workbench.readPair(ensured.slug);
    const { clientId, clientSecret } = provider;
    const { probes, context } = workbench;
    assert.ok(await probes.getDiscovery(ensured.slug));
    assert.deepEqual(
      await probes.probeAuthorize({
        clientId,
        redirectUri: context.redirectUri,
        scopes: ['openid'],
      }),
      { outcome: 'accepted' },
    );
    assert.ok(await probes.probeClientSecret({ clientId, clientSecret }));
  });

  it('a provider without an application is adopted', async () => {
    const spec = workbench.spec('adopt-provider');
    const { pk } = await client.createProvider(
      await workbench.providerFields('adopt-provider'),
    );
    const ensured = await ensure(spec);
    assert.equal(ensured.plan.action, 'join');
    assert.equal(ensured.providerId, pk);
    const { application } = await workbench.readPair(spec.slug);
    assert.equal(application.provider, pk);
  });

  it('an application without a provider is adopted where app-config claims it', async () => {
    const spec = workbench.spec('adopt-app');
    const { pk } = await client.createApplication({
      name: workbench.name('adopt-app'),
      slug: spec.slug,
    });
    const ensured = await ensure(spec);
    assert.equal(ensured.plan.action, 'join');
    assert.equal(ensured.applicationId, pk);
    const { provider } = await workbench.readPair(spec.slug);
    assert.equal(provider.assignedApplicationSlug, spec.slug);
  });

  it('an existing pair is patched where it differs', async () => {
    const spec = workbench.spec('patch');
    await ensure(spec);
    const ensured = await ensure({
      ...spec,
      description: 'Databases',
      accessTokenValidity: 'minutes=9',
    });
    assert.equal(ensured.plan.action, 'update');
    assert.equal(ensured.writes, 2);
    const { application, provider } = await workbench.readPair(spec.slug);
    assert.equal(application.metaDescription, 'Databases');
    assert.equal(provider.accessTokenValidity, 'minutes=9');
  });

  it('bindings are added to the others, or take their place', async () => {
    const { groups } = await workbench.references();
    const [first, second] = groups;
    const spec = workbench.spec('rebind', {
      bindings: [{ group: first.name }],
    });
    const { applicationId } = await ensure(spec);
    const bound = async () =>
      (await client.listBindings(applicationId)).map(({ group }) => group);

    const claim = workbench.claim(spec.slug);
    const wanted = { bindings: [{ group: second.name }] };
    await ensureBindings(client, claim, wanted);
    assert.deepEqual(
      (await bound()).toSorted(),
      [first.pk, second.pk].toSorted(),
    );
    await ensureBindings(client, claim, {
      ...wanted,
      bindingsMode: 'authoritative',
    });
    assert.deepEqual(await bound(), [second.pk]);
  });

  it('application and provider can be deleted', async () => {
    const { slug, providerId } = await ensure(workbench.spec('delete'));
    const deleted = await deleteApplication(
      client,
      await planDeletion(client, workbench.claim(slug), undefined),
    );
    assert.equal(deleted.writes, 2);
    assert.equal(await client.getApplication(slug), undefined);
    assert.equal(await client.getProvider(providerId), undefined);
  });

  it('the last sign-in can be asked for', async () => {
    const { applicationId } = await ensure(workbench.spec('sign-in'));
    assert.deepEqual(await client.listSignIns(applicationId, 1), []);
  });

  const { sandbox } = workbench.target;
  if (sandbox) {
    it('a token without permissions is told what it lacks, and changes nothing', async () => {
      const stranger = workbench.connect(sandbox.noPermissionsToken);
      const spec = workbench.spec('stranger');
      await assert.rejects(
        ensureApplication(stranger.client, spec, stranger.context),
        error => {
          assert.ok(error instanceof AuthentikPermissionError);
          assert.match(
            error.message,
            /lacks the permission authentik_\w+\.\w+/,
          );
          return true;
        },
      );
      assert.equal(await client.getApplication(spec.slug), undefined);
    });
  }
}
