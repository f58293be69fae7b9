import type { GatewayLoginUrl } from '../../systems/hoop/types';
import { fakeSystems } from '../__testUtils__/fakeSystems';
import { DESIRED, goodLoginUrl } from '../__testUtils__/goodObservation';
import { observeIntegration } from './observeIntegration';

describe('where the login URL leads', () => {
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
});
