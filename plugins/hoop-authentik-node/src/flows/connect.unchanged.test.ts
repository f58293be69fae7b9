import { GatewayRolloutError } from '../targets';
import type { TargetState } from '../targets/types';
import { configureGateway } from './connect';
import { fakeSystems } from '../integration/__testUtils__/fakeSystems';
import {
  DESIRED,
  goodState,
} from '../integration/__testUtils__/goodObservation';

const verify = { timeoutMs: 0 };

const log = () => {};

describe('configureGateway where nothing is left to change', () => {
  const start = () => {
    const fake = fakeSystems();
    const followRollout = jest.fn(async () => {});
    fake.state.followRollout = followRollout;
    return { ...fake, followRollout };
  };

  it.each<[string, (current: TargetState) => void]>([
    [
      'the rollout goes on',
      ({ rollout }) => {
        rollout.done = false;
      },
    ],
    [
      'a container crashes',
      ({ rollout }) => {
        rollout.problems = ['container "hoopgateway" ended'];
      },
    ],
    [
      'nothing runs',
      current => {
        current.settingsInUse = undefined;
      },
    ],
  ])(
    'should wait for the gateway and verify it while %s',
    async (_, change) => {
      const { systems, state, followRollout } = start();
      change(state.current);
      followRollout.mockImplementation(async () => {
        state.current = goodState();
      });
      await expect(
        configureGateway(systems, DESIRED, { log }),
      ).resolves.toEqual({ changes: [], writes: 0, restarted: false });
      expect(followRollout).toHaveBeenCalledTimes(1);
      expect(systems.target.read).toHaveBeenCalledTimes(2);
    },
  );

  it('should fail with the reason why the gateway does not come up', async () => {
    const { systems, state, followRollout } = start();
    state.current.rollout.problems = ['container "hoopgateway" ended'];
    followRollout.mockRejectedValue(
      new GatewayRolloutError('It does not come up: no issuer.'),
    );
    await expect(
      configureGateway(systems, DESIRED, { log }),
    ).rejects.toMatchObject({
      name: 'GatewayRolloutError',
      message:
        'The gateway "prod" was not changed: it already has the settings. It does not come up: no issuer. ' +
        'If you have fixed the cause, run hoop:gateway:restart. To return to local sign-in, run hoop:gateway:disconnect.',
    });
  });

  it('should find out why a gateway that seems to run does not answer', async () => {
    const { systems, followRollout } = start();
    systems.hoop.getInfo.mockRejectedValue(new Error('answered 503.'));
    followRollout.mockRejectedValue(
      new GatewayRolloutError('It does not come up: no issuer.'),
    );
    await expect(configureGateway(systems, DESIRED, { log })).rejects.toThrow(
      'it already has the settings. It did not answer: answered 503. It does not come up: no issuer.',
    );
  });

  it('should fail where the gateway still does not sign people in', async () => {
    const { systems, followRollout } = start();
    systems.hoop.hasOidcLoaded.mockResolvedValue(false);
    await expect(
      configureGateway(systems, DESIRED, { log, verify }),
    ).rejects.toMatchObject({
      name: 'GatewayRolloutError',
      message: expect.stringMatching(
        /^The gateway already has the settings and was not changed, but does not sign people in with authentik\. .*Gateway has loaded authentik/,
      ),
    });
    expect(followRollout).not.toHaveBeenCalled();
  });

  it('should verify again a gateway that was not ready immediately', async () => {
    const { systems } = start();
    systems.hoop.hasOidcLoaded.mockResolvedValueOnce(false);
    await configureGateway(systems, DESIRED, { log });
    expect(systems.hoop.getLoginUrl).toHaveBeenCalledTimes(1);
  });

  it('should follow and verify nothing in a dry run', async () => {
    const { systems, state, followRollout } = start();
    state.current.rollout.done = false;
    await configureGateway(systems, DESIRED, { log, dryRun: true });
    expect(followRollout).not.toHaveBeenCalled();
    expect(systems.hoop.getLoginUrl).not.toHaveBeenCalled();
  });
});
