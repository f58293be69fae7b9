import { AuthentikServerError } from '../authentik';
import { GatewayApiTarget } from '../targets';
import { runChecks } from './checks';
import { observeIntegration } from './observe';
import { fakeSystems } from './testing/fakeSystems';
import type { GatewayLoginUrl } from '../hoop/types';
import { DESIRED, goodLoginUrl } from './testing/goodObservation';

describe('observeIntegration', () => {
  it('should read every fact once, and leave nothing behind', async () => {
    const { systems } = fakeSystems();
    const observed = await observeIntegration(systems, DESIRED);

    expect([...systems.authentik.calls].sort()).toEqual([
      'findGroupMembers',
      'getApplication',
      'getProvider',
      'listBindings',
      'listKeyPairUses',
      'previewClaims',
    ]);
    const { probeLoginPage, ...probes } = systems.probes;
    expect(probeLoginPage).not.toHaveBeenCalled();
    for (const ask of [
      ...Object.values(probes),
      systems.target.read,
      systems.hoop.getInfo,
      systems.hoop.hasOidcLoaded,
    ]) {
      expect(ask).toHaveBeenCalledTimes(1);
    }
    expect(systems.hoop.getLoginUrl).not.toHaveBeenCalled();
    expect(observed.gateway.loginUrl).toBeUndefined();
    expect(systems.authentik.writes).toEqual([]);
  });

  it('should ask for the login URL only when told', async () => {
    const { systems } = fakeSystems();
    const { gateway } = await observeIntegration(systems, DESIRED, {
      loginUrl: true,
    });
    expect(systems.hoop.getLoginUrl).toHaveBeenCalledTimes(1);
    expect(gateway.loginUrl).toMatchObject({ ok: true });
  });

  it('should open the login URL as it was received, once', async () => {
    const { systems } = fakeSystems();
    const { gateway } = await observeIntegration(systems, DESIRED, {
      loginUrl: true,
    });
    expect(systems.probes.probeLoginPage.mock.calls).toEqual([
      [goodLoginUrl().url, expect.anything()],
    ]);
    expect(gateway.loginPage).toEqual({
      ok: true,
      value: { outcome: 'login-page' },
    });
  });

  it.each<[string, Partial<GatewayLoginUrl>]>([
    ['endpoint', { endpoint: 'https://else.example/application/o/authorize/' }],
    // It may be the secret.
    ['client', { clientId: 'another' }],
    ['redirect URI', { redirectUri: 'https://else.example/api/callback' }],
  ])('should open no login URL with another %s', async (_, change) => {
    const { systems } = fakeSystems();
    systems.hoop.getLoginUrl.mockResolvedValue({
      ...goodLoginUrl(),
      ...change,
    });
    const { gateway } = await observeIntegration(systems, DESIRED, {
      loginUrl: true,
    });
    expect(systems.probes.probeLoginPage).not.toHaveBeenCalled();
    expect(gateway.loginPage).toBeUndefined();
  });

  it('should make a login page that does not answer an observation', async () => {
    const { systems } = fakeSystems();
    systems.probes.probeLoginPage.mockRejectedValue(new Error('out of reach'));
    const { gateway } = await observeIntegration(systems, DESIRED, {
      loginUrl: true,
    });
    expect(gateway.loginPage).toMatchObject({ ok: false });
  });

  it('should ask for the stored configuration only with an API key, and once', async () => {
    const { systems } = fakeSystems();
    const { gateway } = await observeIntegration(systems, DESIRED);
    expect(systems.hoop.getAuthConfig).not.toHaveBeenCalled();
    expect(gateway.authConfig).toBeUndefined();

    systems.hoop.hasApiKey = true;
    await observeIntegration(systems, DESIRED);
    expect(systems.hoop.getAuthConfig).toHaveBeenCalledTimes(1);
  });

  it('should look for administrators whom the gateway knows only where the admin group has no active member', async () => {
    const { systems } = fakeSystems();
    systems.hoop.hasApiKey = true;
    systems.hoop.listAdministrators.mockResolvedValue([
      'jane@company',
      'Jane@company',
      'nobody@company',
    ]);
    const first = await observeIntegration(systems, DESIRED);
    expect(first.gateway.administrators).toBeUndefined();
    expect(systems.hoop.listAdministrators).not.toHaveBeenCalled();

    const empty = {
      ...DESIRED,
      gateway: { ...DESIRED.gateway, adminGroup: 'none' },
    };
    const second = await observeIntegration(systems, empty);
    // An address stored with capitals is one that the gateway does not find again.
    expect(second.gateway.administrators).toEqual({
      ok: true,
      value: ['jane'],
    });

    systems.hoop.hasApiKey = false;
    const third = await observeIntegration(systems, empty);
    expect(third.gateway.administrators).toBeUndefined();
  });

  it('should take the stored configuration from a target that is read from it', async () => {
    const { systems } = fakeSystems();
    systems.hoop.hasApiKey = true;
    const target = new GatewayApiTarget(systems.hoop);
    const { gateway, targetType } = await observeIntegration(
      { ...systems, target },
      DESIRED,
    );
    expect(targetType).toBe('gatewayApi');
    expect(gateway.authConfig).toMatchObject({ ok: true });
    expect(systems.hoop.getAuthConfig).toHaveBeenCalledTimes(1);

    systems.hoop.getAuthConfig.mockRejectedValue(new Error('out of reach'));
    const failing = await observeIntegration({ ...systems, target }, DESIRED);
    expect(failing.gateway.authConfig).toBe(failing.target);
  });

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
    systems.probes.getDiscovery.mockRejectedValue(new Error('404'));
    const { authentik } = await observeIntegration(systems, DESIRED);
    expect(authentik).toMatchObject({
      application: { ok: true, value: undefined },
      provider: { ok: true, value: undefined },
      bindings: { ok: true, value: [] },
      discovery: { ok: false },
      keys: { ok: false },
      authorize: { ok: true, value: undefined },
      clientSecret: { ok: true, value: undefined },
    });
    expect(systems.authentik.calls).not.toContain('getProvider');
    expect(systems.probes.probeClientSecret).not.toHaveBeenCalled();
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
            'authentik.signingKeyExpiry',
            'authentik.signingKeyShared',
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

  it('should not take a provider of another type for one', async () => {
    const { systems } = fakeSystems();
    systems.authentik.applications[0].providerModel =
      'authentik_providers_saml.samlprovider';
    const { authentik } = await observeIntegration(systems, DESIRED);
    expect(authentik.provider).toEqual({ ok: true, value: undefined });
    expect(systems.authentik.calls).not.toContain('getProvider');
  });

  it('should make every failure an observation', async () => {
    const { systems } = fakeSystems();
    const failure = new Error('out of reach');
    systems.authentik.refused.add('getApplication').add('findGroupMembers');
    systems.probes.getDiscovery.mockRejectedValue(failure);
    systems.target.read.mockRejectedValue(failure);
    systems.hoop.getInfo.mockRejectedValue(failure);
    systems.hoop.hasOidcLoaded.mockRejectedValue(failure);
    systems.hoop.getLoginUrl.mockRejectedValue(failure);
    systems.hoop.hasApiKey = true;
    systems.hoop.getAuthConfig.mockRejectedValue(failure);

    const { authentik, target, gateway } = await observeIntegration(
      systems,
      DESIRED,
      { loginUrl: true },
    );

    const { version: _, ...facts } = authentik;
    const { loginPage, administrators, ...asked } = gateway;
    expect([loginPage, administrators]).toEqual([undefined, undefined]);
    for (const observation of [
      ...Object.values(facts),
      target,
      ...Object.values(asked),
    ]) {
      expect(observation).toMatchObject({ ok: false });
    }
    // What could not be asked for want of the application fails with the reason for that.
    expect(authentik.clientSecret).toMatchObject({
      error: { message: 'the token may not getApplication' },
    });
  });

  it("should throw the signal's reason when it is cancelled", async () => {
    const { systems } = fakeSystems();
    const controller = new AbortController();
    const reason = new Error('cancelled by the user');
    systems.target.read.mockImplementation(async () => {
      controller.abort(reason);
      throw new Error('aborted');
    });
    await expect(
      observeIntegration(systems, DESIRED, { signal: controller.signal }),
    ).rejects.toBe(reason);
  });
});
