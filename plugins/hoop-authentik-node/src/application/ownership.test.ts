import { FakeAuthentikClient } from './__testUtils__/FakeAuthentikClient';
import { requireOwnApplication } from './ownership';

const REDIRECT_URI = 'https://hoop.company/api/callback';

const CLAIM = {
  gateway: 'main',
  slug: 'team-hoop',
  configuredSlug: 'hoop',
  redirectUri: REDIRECT_URI,
};

describe('requireOwnApplication', () => {
  let client: FakeAuthentikClient;

  beforeEach(() => {
    client = new FakeAuthentikClient();
  });

  function addApplication(url: string, matchingMode = 'strict') {
    const { pk } = client.addProvider({
      name: 'Provider',
      redirectUris: [{ matchingMode, url, redirectUriType: 'authorization' }],
    });
    return client.addApplication({
      name: 'Team',
      slug: CLAIM.slug,
      provider: pk,
    });
  }

  it.each<[string, () => void]>([
    ['leads to the gateway', () => addApplication(REDIRECT_URI)],
    ['does not exist yet', () => {}],
    [
      'has no provider',
      () => client.addApplication({ name: 'Team', slug: CLAIM.slug }),
    ],
  ])('should accept an application that %s', async (_, arrange) => {
    arrange();
    await expect(requireOwnApplication(client, CLAIM)).resolves.toBeUndefined();
    expect(client.writes).toEqual([]);
  });

  it.each<[string, () => void]>([
    [
      'leads to another system',
      () => addApplication('https://payroll.company/callback'),
    ],
    ['accepts a pattern', () => addApplication(REDIRECT_URI, 'regex')],
    [
      'has a provider of another type',
      () => {
        addApplication(REDIRECT_URI).providerModel =
          'authentik_providers_saml.samlprovider';
      },
    ],
    [
      'has a provider that the token may not see',
      () => {
        addApplication(REDIRECT_URI);
        client.providers.length = 0;
      },
    ],
  ])('should refuse an application that %s', async (_, arrange) => {
    arrange();
    await expect(requireOwnApplication(client, CLAIM)).rejects.toMatchObject({
      name: 'InputError',
      message:
        `The authentik application "team-hoop" on ${client.baseUrl} does not lead to ${REDIRECT_URI}, so it does not belong to the gateway "main". ` +
        'Nothing was changed. Choose another slug, or set it as the application of this gateway in app-config.',
    });
  });

  it('should accept any application that app-config names, without a request', async () => {
    addApplication('https://payroll.company/callback');

    await requireOwnApplication(client, {
      ...CLAIM,
      configuredSlug: CLAIM.slug,
    });

    expect(client.calls).toEqual([]);
  });
});
