import { GatewayApiTarget } from '../../targets';
import { fakeSystems } from '../__testUtils__/fakeSystems';
import { DESIRED } from '../__testUtils__/goodObservation';
import { observeIntegration } from './observeIntegration';

describe('what the gateway tells', () => {
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
