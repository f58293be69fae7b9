import type { GatewayLoginUrl } from '../../systems/hoop/types';
import { GatewayApiTarget } from '../../targets';
import { fakeSystems } from '../__testUtils__/fakeSystems';
import { DESIRED, goodLoginUrl } from '../__testUtils__/goodObservation';
import { observeIntegration } from '.';

describe('what the gateway shows', () => {
  it('should ask for the stored configuration only with an API key, and once', async () => {
    const { systems } = fakeSystems();
    const { gateway } = await observeIntegration(systems, DESIRED);
    expect(systems.hoop.getAuthConfig).not.toHaveBeenCalled();
    expect(gateway.authConfig).toBeUndefined();

    systems.hoop.hasApiKey = true;
    await observeIntegration(systems, DESIRED);
    expect(systems.hoop.getAuthConfig).toHaveBeenCalledTimes(1);
  });

  it('should take the stored configuration from a target that is read from it', async () => {
    const { systems } = fakeSystems();
    systems.hoop.hasApiKey = true;
    const target = new GatewayApiTarget(systems.hoop);
    const { gateway, targetCapabilities } = await observeIntegration(
      { ...systems, target },
      DESIRED,
    );
    expect(targetCapabilities).toBe(target.capabilities);
    expect(gateway.authConfig).toMatchObject({ ok: true });
    expect(systems.hoop.getAuthConfig).toHaveBeenCalledTimes(1);

    systems.hoop.getAuthConfig.mockRejectedValue(new Error('out of reach'));
    const failing = await observeIntegration({ ...systems, target }, DESIRED);
    expect(failing.gateway.authConfig).toBe(failing.target);
  });
});

describe('where the login URL leads', () => {
  it('should ask for the login URL only where it is wanted', async () => {
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
});

describe('observeAdministrators', () => {
  it('should look for administrators whom the gateway knows only where the admin group has no active member', async () => {
    const { systems } = fakeSystems();
    systems.hoop.hasApiKey = true;
    systems.hoop.listAdministrators.mockResolvedValue([
      { email: 'jane@company', isLocal: true },
      { email: 'Jane@company', isLocal: true },
      { email: 'other@company', isLocal: false },
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
});
