import { deleteApplication, planDeletion } from './deleteApplication';
import { FakeAuthentikClient } from './__testUtils__/FakeAuthentikClient';

const REDIRECT_URI = 'https://hoop.company/api/callback';
const TARGET = { slug: 'hoop', redirectUri: REDIRECT_URI };

describe('deleteApplication', () => {
  let client: FakeAuthentikClient;

  beforeEach(() => {
    client = new FakeAuthentikClient();
  });

  function addPair(slug = 'hoop') {
    const provider = client.addProvider({
      name: `Provider for ${slug}`,
      redirectUris: [
        {
          matchingMode: 'strict',
          url: REDIRECT_URI,
          redirectUriType: 'authorization',
        },
      ],
    });
    const application = client.addApplication({
      name: slug,
      slug,
      provider: provider.pk,
    });
    return { application, provider };
  }

  /** What a run of the action does. */
  async function remove(providerHint?: number, signal?: AbortSignal) {
    const plan = await planDeletion(client, TARGET, providerHint, { signal });
    return deleteApplication(client, plan, { signal });
  }

  it('should refuse an application that does not lead to the gateway', async () => {
    const { provider } = addPair();
    provider.redirectUris = [
      {
        matchingMode: 'strict',
        url: 'https://grafana.company/login/generic_oauth',
        redirectUriType: 'authorization',
      },
    ];

    await expect(remove()).rejects.toMatchObject({
      name: 'InputError',
      message: expect.stringContaining('leads to "grafana.company"'),
    });
    expect(client.writes).toEqual([]);
  });

  it('should delete the application and then its provider, and nothing else', async () => {
    addPair();
    const other = addPair('other');

    await expect(remove()).resolves.toEqual({
      deletedApplication: true,
      deletedProvider: true,
      writes: 2,
    });

    expect(client.writes).toEqual(['deleteApplication', 'deleteProvider']);
    expect(client.applications).toEqual([other.application]);
    expect(client.providers).toEqual([other.provider]);
  });

  it('should plan without writing', async () => {
    const { application, provider } = addPair();

    const plan = await planDeletion(client, TARGET, undefined);

    expect(plan).toMatchObject({
      application: { object: { pk: application.pk } },
      provider: { object: { pk: provider.pk } },
    });
    expect(client.writes).toEqual([]);
  });

  it('should refuse an application without a provider, which may be a link to another system', async () => {
    client.addApplication({ name: 'Wiki', slug: 'hoop' });

    await expect(remove()).rejects.toMatchObject({
      name: 'InputError',
      message: expect.stringContaining('it has no provider, so nothing shows'),
    });
    expect(client.writes).toEqual([]);
  });

  it('should delete an application without a provider that app-config claims', async () => {
    client.addApplication({ name: 'Hoop', slug: 'hoop' });
    const plan = await planDeletion(
      client,
      { ...TARGET, claimedApplication: 'hoop' },
      undefined,
    );

    await expect(deleteApplication(client, plan)).resolves.toEqual({
      deletedApplication: true,
      deletedProvider: false,
      writes: 1,
    });
  });

  it('should delete the provider that an interrupted deletion left over', async () => {
    const { provider } = addPair();
    await client.deleteApplication('hoop');
    client.writes.length = 0;

    await expect(remove(provider.pk)).resolves.toEqual({
      deletedApplication: false,
      deletedProvider: true,
      writes: 1,
    });
    expect(client.writes).toEqual(['deleteProvider']);
  });

  it('should find the provider that an earlier task left over', async () => {
    const { provider } = addPair();
    const stranger = client.addProvider({ name: 'Provider of another system' });
    await client.deleteApplication('hoop');
    client.writes.length = 0;

    await expect(remove()).resolves.toEqual({
      deletedApplication: false,
      deletedProvider: true,
      writes: 1,
    });
    expect(client.providers).toEqual([stranger]);

    client.providers = [provider, { ...provider, pk: 99, name: 'Its twin' }];
    await expect(remove()).resolves.toMatchObject({ writes: 0 });
  });

  it('should keep a provider that has since been joined to another application', async () => {
    const { provider } = addPair();
    await client.deleteApplication('hoop');
    client.addApplication({
      name: 'Other',
      slug: 'other',
      provider: provider.pk,
    });
    client.writes.length = 0;

    await expect(remove(provider.pk)).resolves.toMatchObject({ writes: 0 });
    expect(client.writes).toEqual([]);
    expect(client.providers).toEqual([provider]);
  });

  it('should follow the application rather than the hint', async () => {
    const stranger = client.addProvider({ name: 'Provider of another system' });
    addPair();

    await remove(stranger.pk);

    expect(client.providers).toEqual([stranger]);
  });

  it('should refuse an application with a provider of another type', async () => {
    const { application } = addPair();
    application.providerModel = 'authentik_providers_saml.samlprovider';

    await expect(remove()).rejects.toMatchObject({
      name: 'InputError',
      message: `The authentik application "hoop" on ${client.baseUrl} has a provider of type authentik_providers_saml.samlprovider; expected an OAuth2/OpenID provider. It does not belong to this gateway. Nothing was changed. Choose another slug, or replace the provider of that application in authentik.`,
    });
    expect(client.writes).toEqual([]);
  });

  it.each([undefined, 4711])(
    'should succeed where nothing exists, with the hint %s',
    async hint => {
      await expect(remove(hint)).resolves.toEqual({
        deletedApplication: false,
        deletedProvider: false,
        writes: 0,
      });
      expect(client.writes).toEqual([]);
    },
  );

  it('should count only its own deletions', async () => {
    addPair();
    const plan = await planDeletion(client, TARGET, undefined);
    await client.deleteProvider(plan.provider!.object.pk);

    await expect(deleteApplication(client, plan)).resolves.toMatchObject({
      deletedProvider: false,
      writes: 1,
    });
  });

  it('should name what stays when a deletion is refused', async () => {
    addPair();
    client.refused.add('deleteProvider');

    await expect(remove()).rejects.toThrow(
      /^the token may not deleteProvider\. The application was deleted, and its provider ".*" stays\. The token of the authentik instance "default" lacks a permission\. Grant it/,
    );
  });

  it('should keep the provider when cancelled', async () => {
    const { provider } = addPair();
    const controller = new AbortController();
    const reason = new Error('cancelled by the user');
    client.onWrite = () => controller.abort(reason);

    await expect(remove(undefined, controller.signal)).rejects.toBe(reason);
    expect(client.writes).toEqual(['deleteApplication']);
    expect(client.providers).toEqual([provider]);
  });
});
