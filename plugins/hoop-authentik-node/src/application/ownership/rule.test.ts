import type { AuthentikProvider } from '../../systems/authentik/types';
import { FakeAuthentikClient } from '../__testUtils__/FakeAuthentikClient';
import { AUTHENTIK_URL, REDIRECT_URI } from '../__testUtils__/serverObjects';
import { STRICT } from '../__testUtils__/specs';
import { findOwn, requireOwn } from '.';
import { recordsInMemory, type CreatedObject } from '../records';

const CLAIM = { gateway: 'main', slug: 'hoop', redirectUri: REDIRECT_URI };
const CLAIMED = { ...CLAIM, claimedApplication: 'hoop' };

const APPLICATION: CreatedObject = {
  system: AUTHENTIK_URL,
  kind: 'application',
  name: 'hoop',
};
const strict = (url: string) => ({ ...STRICT, url });
const pattern = (url: string) => ({ ...STRICT, matchingMode: 'regex', url });
const PAYROLL = strict('https://payroll.company/callback');

describe('requireOwn', () => {
  let client: FakeAuthentikClient;

  beforeEach(() => {
    client = new FakeAuthentikClient();
  });

  function addPair(redirectUris: AuthentikProvider['redirectUris']) {
    const { pk } = client.addProvider({ name: 'Provider', redirectUris });
    return client.addApplication({ name: 'Team', slug: 'hoop', provider: pk });
  }

  /** Whether the application is the gateway's: by itself, where app-config writes its slug, and where a run recorded it. */
  async function judge(): Promise<string> {
    const isOwn = (claim: typeof CLAIM, created: CreatedObject[] = []) =>
      findOwn(client, claim, { run: { ...recordsInMemory(), created } }).then(
        () => 'own',
        () => 'foreign',
      );
    return [
      await isOwn(CLAIM),
      await isOwn(CLAIMED),
      await isOwn(CLAIM, [
        { ...APPLICATION, proof: client.applications[0].pk },
      ]),
    ].join(', ');
  }

  it.each([
    [[STRICT], 'own, own, own'],
    [[STRICT, strict('https://hoop.company/other')], 'own, own, own'],
    [[], 'foreign, own, own'],
    [[strict('https://hoop.company/other')], 'foreign, own, own'],
    [[{ ...STRICT, redirectUriType: 'logout' }], 'foreign, own, own'],
    [[pattern(REDIRECT_URI)], 'foreign, own, own'],
    [[pattern('^https?://hoop\\.company/.*$'), STRICT], 'own, own, own'],
    [[pattern('.*')], 'foreign, own, own'],
    [[pattern('.*'), STRICT], 'foreign, own, own'],
    [[PAYROLL], 'foreign, foreign, foreign'],
    [[STRICT, PAYROLL], 'foreign, foreign, foreign'],
    [
      [STRICT, strict('https://hoop.company.evil.example/api/callback')],
      'foreign, foreign, foreign',
    ],
    [
      [STRICT, strict('https://hoop.company:8443/api/callback')],
      'foreign, foreign, foreign',
    ],
    [[STRICT, strict('not a URL')], 'foreign, foreign, foreign'],
    [[STRICT, pattern('https://hoop.company.*')], 'foreign, foreign, foreign'],
    [
      [STRICT, pattern('https://hoop.company/|https://payroll.company/')],
      'foreign, foreign, foreign',
    ],
    [
      [STRICT, pattern('https://.*\\.company/api/callback')],
      'foreign, foreign, foreign',
    ],
  ])('should hold redirect URIs %j for %s', async (redirectUris, expected) => {
    addPair(redirectUris);
    expect(await judge()).toBe(expected);
    expect(client.writes).toEqual([]);
  });

  it('should take nothing for nothing', async () => {
    await expect(findOwn(client, CLAIM)).resolves.toEqual({
      application: undefined,
      provider: undefined,
    });
  });

  it('should hold an application without a provider for own only where app-config or a record names it', async () => {
    client.addApplication({ name: 'Team', slug: 'hoop' });
    expect(await judge()).toBe('foreign, own, own');
  });

  it.each([
    'authentik_providers_saml.samlprovider',
    'authentik_providers_proxy.proxyprovider',
  ])(
    'should never hold an application with a provider of type %s for own',
    async type => {
      addPair([STRICT]).providerModel = type;
      expect(await judge()).toBe('foreign, foreign, foreign');
    },
  );

  it('should not take a proxy provider for the OAuth2 provider that it is based on', async () => {
    addPair([STRICT]);
    client.providers[0].metaModelName =
      'authentik_providers_proxy.proxyprovider';
    expect(await judge()).toBe('foreign, foreign, foreign');
  });

  it('should never hold an application for own whose provider the token may not see', async () => {
    addPair([STRICT]);
    client.providers.length = 0;
    expect(await judge()).toBe('foreign, foreign, foreign');
  });

  it('should not take the slug that app-config writes for another gateway or application', async () => {
    client.addApplication({ name: 'Team', slug: 'hoop' });
    await expect(
      findOwn(client, { ...CLAIM, claimedApplication: 'other' }),
    ).rejects.toMatchObject({ name: 'InputError' });
    const ours = { ...APPLICATION, proof: client.applications[0].pk };
    const created = [
      { ...ours, system: 'https://other.company' },
      { ...ours, kind: 'provider' as const },
      { ...ours, name: 'other' },
      { ...ours, proof: 'the key of an earlier one' },
    ];
    await expect(
      findOwn(client, CLAIM, { run: { ...recordsInMemory(), created } }),
    ).rejects.toMatchObject({ name: 'InputError' });
  });

  describe('a provider without an application', () => {
    const judgeProvider = (changes: Partial<AuthentikProvider>) => {
      const provider = {
        ...client.addProvider({ name: 'Provider' }),
        ...changes,
      };
      const found = { application: undefined, provider };
      const record = { ...APPLICATION, name: 'Provider' };
      const recordsOf = (proof: string) => ({
        created: [{ ...record, kind: 'provider' as const, proof }],
      });
      return [undefined, recordsOf(provider.clientId), recordsOf('another')]
        .map(run => {
          try {
            requireOwn(client, CLAIMED, found, run);
            return 'own';
          } catch {
            return 'foreign';
          }
        })
        .join(', ');
    };

    it.each<[Partial<AuthentikProvider>, string]>([
      [{ redirectUris: [STRICT] }, 'own, own, own'],
      [{ redirectUris: [] }, 'foreign, own, foreign'],
      [
        { redirectUris: [STRICT, strict('https://hoop.company/other')] },
        'foreign, own, foreign',
      ],
      [{ redirectUris: [STRICT, PAYROLL] }, 'foreign, foreign, foreign'],
      [{ redirectUris: [PAYROLL] }, 'foreign, foreign, foreign'],
      [
        { redirectUris: [STRICT], assignedApplicationSlug: 'other' },
        'foreign, foreign, foreign',
      ],
      [
        { redirectUris: [STRICT], metaModelName: 'proxyprovider' },
        'foreign, foreign, foreign',
      ],
    ])(
      'should be own only where it leads to nothing else, by a record only with its client id: %j',
      (changes, expected) => {
        expect(judgeProvider(changes)).toBe(expected);
      },
    );
  });

  describe('its refusals', () => {
    const refusalOf = (claim: typeof CLAIM) =>
      findOwn(client, claim).then(
        () => undefined,
        (error: Error) => error.message,
      );

    it('should name the application, whose it seems to be, and how app-config claims it', async () => {
      addPair([STRICT, PAYROLL]);
      expect(await refusalOf(CLAIM)).toBe(
        'The authentik application "hoop" on https://auth.company does not belong to the gateway "main": its provider "Provider" leads to "payroll.company". ' +
          "Nothing was changed. Choose another slug. If it is this gateway's, write hoopAuthentik.gateways[].application: hoop for this gateway in app-config and remove the redirect URIs of other systems in authentik.",
      );
    });

    it('should say what is in the way of the claim of app-config', async () => {
      addPair([PAYROLL]);
      expect(await refusalOf(CLAIMED)).toBe(
        'The authentik application "hoop" on https://auth.company does not belong to the gateway "main": its provider "Provider" leads to "payroll.company". ' +
          'Nothing was changed. app-config claims it for this gateway (hoopAuthentik.gateways[].application: hoop): remove the redirect URIs of other systems in authentik, or write another slug.',
      );
    });

    it('should say that nothing shows whose an application is', async () => {
      client.addApplication({ name: 'Team', slug: 'hoop' });
      expect(await refusalOf(CLAIM)).toBe(
        'The authentik application "hoop" on https://auth.company does not belong to the gateway "main": it has no provider, so nothing shows whose it is. ' +
          "Nothing was changed. Choose another slug. If it is this gateway's, write hoopAuthentik.gateways[].application: hoop for this gateway in app-config.",
      );
    });

    it('should name the provider and whose it seems to be', () => {
      const provider = client.addProvider({
        name: 'Payroll',
        redirectUris: [PAYROLL],
      });
      expect(() =>
        requireOwn(client, CLAIM, { application: undefined, provider }),
      ).toThrow(
        'The authentik provider "Payroll" on https://auth.company does not belong to the gateway "main": it leads to "payroll.company". Nothing was changed. Give another provider name',
      );
    });

    it('should show foreign texts in one line and cut them', async () => {
      addPair([pattern(`${'x'.repeat(5000)}\n`)]);
      client.providers[0].name = 'a\nb';
      const message = await refusalOf(CLAIM);
      expect(message).toContain('"a\\nb" leads to "xxx');
      expect(message).not.toContain('\n');
      expect(message!.length).toBeLessThan(600);
    });
  });
});
