import { fakeSystems } from '../__testUtils__/fakeSystems';
import { DESIRED } from '../__testUtils__/goodObservation';
import { observeIntegration } from './observeIntegration';

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
