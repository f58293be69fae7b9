import { AuthentikServerError } from '../../systems/authentik';
import {
  GOOD_APPLICATION,
  GOOD_PROVIDER,
} from '../../application/__testUtils__/goodFacts';
import {
  AUTHENTIK_URL,
  RSA_KEY,
} from '../../application/__testUtils__/serverObjects';
import { fakeSystems, type FakeSystems } from '../__testUtils__/fakeSystems';
import { DESIRED, GATEWAY_URL } from '../__testUtils__/goodObservation';
import { runChecks } from '../checks';
import { desiredIntegration } from '../desired';
import { problemsOf } from '../problems';
import { observeIntegration } from '.';

describe('observeAuthentik', () => {
  it('should preview an administrator, and our own account where that is not permitted', async () => {
    const { systems } = fakeSystems();
    const first = await observeIntegration(systems, DESIRED);
    expect(first.authentik.claims).toMatchObject({
      value: { username: 'jane', claims: { groups: ['admin'] } },
    });
    systems.authentik.mayPreviewUsers = false;
    const second = await observeIntegration(systems, DESIRED);
    expect(second.authentik.claims).toMatchObject({
      value: { username: undefined, claims: { groups: ['admin'] } },
    });
  });

  it('should never probe a provider without redirect URIs', async () => {
    const { systems } = fakeSystems();
    systems.authentik.providers[0].redirectUris = [];
    const { authentik } = await observeIntegration(systems, DESIRED, {
      loginUrl: true,
    });
    expect(systems.probes.probeLoginPage).not.toHaveBeenCalled();
    expect(systems.probes.probeAuthorize).not.toHaveBeenCalled();
    expect(authentik.authorize).toEqual({ ok: true, value: undefined });
  });

  it('should ask nothing about a provider that is not there', async () => {
    const { systems } = fakeSystems();
    systems.authentik.applications.length = 0;
    const { authentik } = await observeIntegration(systems, DESIRED);
    expect(authentik).toMatchObject({
      application: { ok: true, value: undefined },
      provider: { ok: true, value: undefined },
      bindings: { ok: true, value: [] },
      discovery: { ok: true, value: undefined },
      keys: { ok: true, value: [] },
      authorize: { ok: true, value: undefined },
      clientSecret: { ok: true, value: undefined },
    });
    expect(systems.authentik.calls).not.toContain('getProvider');
    expect(systems.probes.getDiscovery).not.toHaveBeenCalled();
    expect(systems.probes.probeClientSecret).not.toHaveBeenCalled();
  });

  it('should ask for the discovery document where the application may not be seen', async () => {
    const { systems } = fakeSystems();
    systems.authentik.refused.add('getApplication');
    const { authentik } = await observeIntegration(systems, DESIRED);
    expect(authentik).toMatchObject({
      application: { ok: false },
      discovery: { ok: true, value: { issuer: DESIRED.issuer } },
    });
  });

  it('should not take a provider of another type for one', async () => {
    const { systems } = fakeSystems();
    systems.authentik.applications[0].providerModel =
      'authentik_providers_saml.samlprovider';
    const { authentik } = await observeIntegration(systems, DESIRED);
    expect(authentik.provider).toEqual({ ok: true, value: undefined });
    expect(systems.authentik.calls).not.toContain('getProvider');
  });
});

describe('an application that an entity names and app-config does not', () => {
  const desired = desiredIntegration(
    {
      name: 'prod',
      url: GATEWAY_URL,
      adminGroup: 'admin',
      application: 'another',
    },
    { name: 'default', baseUrl: AUTHENTIK_URL },
    GOOD_APPLICATION.slug,
  );
  const foreignUri = {
    matchingMode: 'strict' as const,
    url: 'https://payroll.company/callback',
    redirectUriType: 'authorization' as const,
  };

  it.each<[string, (systems: FakeSystems['systems']) => void]>([
    [
      'has no provider',
      ({ authentik }) => {
        authentik.applications[0].provider = undefined;
      },
    ],
    [
      'leads elsewhere',
      ({ authentik }) => {
        authentik.providers[0].redirectUris = [foreignUri];
      },
    ],
    [
      'is of another type',
      ({ authentik }) => {
        authentik.applications[0].providerModel =
          'authentik_providers_saml.samlprovider';
      },
    ],
  ])(
    'should be one neutral line, and not looked at any further, where it %s',
    async (_, change) => {
      const { systems } = fakeSystems();
      change(systems);
      systems.authentik.applications[0].name = 'Payroll';
      const observed = await observeIntegration(systems, desired, {
        loginUrl: true,
      });
      const checks = runChecks({ desired, observed });
      const found = JSON.stringify(checks);
      for (const hidden of [
        'Payroll',
        'payroll.company',
        GOOD_PROVIDER.clientId,
        GOOD_PROVIDER.name,
      ]) {
        expect(found).not.toContain(hidden);
      }
      const wrong = problemsOf(checks, { desired, observed }).filter(
        ({ id }) => id.startsWith('authentik.') || id.startsWith('sign-in.'),
      );
      expect(wrong.map(({ id }) => id)).toEqual(['authentik.application']);
      expect(systems.authentik.calls).not.toContain('listBindings');
      expect(systems.authentik.calls).not.toContain('previewClaims');
      expect(systems.probes.getDiscovery).not.toHaveBeenCalled();
      expect(systems.probes.probeClientSecret).not.toHaveBeenCalled();
    },
  );

  it('should be shown where it leads to the gateway', async () => {
    const { systems } = fakeSystems();
    systems.authentik.providers[0].redirectUris.push(foreignUri);
    const { authentik } = await observeIntegration(systems, desired);
    expect(authentik).toMatchObject({
      application: { ok: true, value: { slug: GOOD_APPLICATION.slug } },
      provider: { ok: true, value: { clientId: GOOD_PROVIDER.clientId } },
      discovery: { ok: true },
    });
  });

  it('should be offered to be connected where it does not exist yet', async () => {
    const { systems } = fakeSystems();
    systems.authentik.applications.length = 0;
    const observed = await observeIntegration(systems, desired);
    expect(runChecks({ desired, observed })).toContainEqual(
      expect.objectContaining({
        id: 'authentik.application',
        fix: { action: 'connect' },
      }),
    );
  });
});

describe('where authentik fails over what it publishes', () => {
  const failing = (signingKey: string, fact: 'getDiscovery' | 'getKeys') => {
    const { systems } = fakeSystems();
    const failure = new AuthentikServerError('server error');
    systems.authentik.providers[0].signingKey = signingKey;
    systems.probes[fact].mockRejectedValue(failure);
    return { systems, failure };
  };

  it.each(['getDiscovery', 'getKeys'] as const)(
    'should find the reason of %s in the key, and only then ask for it',
    async fact => {
      const { systems } = failing('key-ed25519', fact);
      const { authentik } = await observeIntegration(systems, DESIRED);
      expect(authentik.keys).toMatchObject({
        ok: false,
        error: { keyType: 'ed25519' },
      });
      expect(systems.authentik.calls).toContain('listKeyPairs');
    },
  );

  it.each(['getDiscovery', 'getKeys'] as const)(
    'should find that the key of %s has no private part',
    async fact => {
      const { systems } = failing('key-public', fact);
      systems.authentik.keyPairs.push({
        ...RSA_KEY,
        pk: 'key-public',
        privateKeyAvailable: false,
      });
      const observed = await observeIntegration(systems, DESIRED);
      expect(
        runChecks({ desired: DESIRED, observed })
          .filter(({ status }) => status === 'fail' || status === 'unknown')
          .map(({ id, actual }) => [id, actual]),
      ).toEqual([
        [
          'authentik.signing-key',
          expect.stringContaining('has no private key'),
        ],
      ]);
    },
  );

  it.each(['getDiscovery', 'getKeys'] as const)(
    'should not blame a usable key for %s',
    async fact => {
      const { systems, failure } = failing('key-rsa', fact);
      const { authentik } = await observeIntegration(systems, DESIRED);
      expect(authentik.keys).toEqual({ ok: false, error: failure });
    },
  );

  it('should not blame a key that may not be looked at', async () => {
    const { systems, failure } = failing('key-ed25519', 'getDiscovery');
    systems.authentik.refused.add('listKeyPairs');
    const { authentik } = await observeIntegration(systems, DESIRED);
    expect(authentik.discovery).toEqual({ ok: false, error: failure });
  });

  it.each([
    ['key-ed25519', { fail: ['authentik.signing-key'], unknown: [] }],
    [
      'key-rsa',
      {
        fail: [],
        unknown: expect.arrayContaining([
          'authentik.signing-key',
          'authentik.signing-key-expiry',
          'authentik.signing-key-shared',
          'authentik.scopes',
          'authentik.discovery',
        ]),
      },
    ],
  ])('should be judged alike by all checks with %s', async (key, wanted) => {
    const { systems } = failing(key, 'getDiscovery');
    const observed = await observeIntegration(systems, DESIRED, {
      loginUrl: true,
    });
    const checks = runChecks({ desired: DESIRED, observed });
    const of = (wantedStatus: string) =>
      checks
        .filter(({ status }) => status === wantedStatus)
        .map(({ id }) => id);
    expect({ fail: of('fail'), unknown: of('unknown') }).toEqual(wanted);
  });
});
