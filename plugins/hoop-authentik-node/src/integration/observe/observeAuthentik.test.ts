import { fakeSystems } from '../__testUtils__/fakeSystems';
import { DESIRED } from '../__testUtils__/goodObservation';
import { observeIntegration } from './observeIntegration';

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

  it('should not take a provider of another type for one', async () => {
    const { systems } = fakeSystems();
    systems.authentik.applications[0].providerModel =
      'authentik_providers_saml.samlprovider';
    const { authentik } = await observeIntegration(systems, DESIRED);
    expect(authentik.provider).toEqual({ ok: true, value: undefined });
    expect(systems.authentik.calls).not.toContain('getProvider');
  });
});
