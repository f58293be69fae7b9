import { disconnectGateway } from './disconnect';
import { changingSystems } from '../integration/__testUtils__/fakeSystems';
import { DESIRED } from '../integration/__testUtils__/goodObservation';

const verify = { timeoutMs: 0 };

describe('disconnectGateway', () => {
  const lines: string[] = [];
  const log = (line: string) => lines.push(line);

  beforeEach(() => {
    lines.length = 0;
  });

  /** A gateway that says how it signs people in once its target was changed. */
  function start(changed: Parameters<typeof changingSystems>[0] = {}) {
    const fake = changingSystems(changed);
    const answer = (authMethod: string) =>
      fake.systems.hoop.getInfo.mockImplementation(async () => ({
        version: '1.148.0',
        authMethod,
        setupRequired: false,
      }));
    answer('local');
    return { ...fake, answer };
  }

  it('should write nothing where nothing is left to do', async () => {
    const { systems, apply } = start({ changes: [], restart: false });
    await expect(disconnectGateway(systems, DESIRED, { log })).resolves.toEqual(
      { changes: [], writes: 0, restarted: false },
    );
    expect(apply).not.toHaveBeenCalled();
  });

  it('should show the plan, apply it, and clean up once the gateway uses local sign-in', async () => {
    const { systems, plan, apply, finish, restore } = start();
    finish.mockImplementation(async () => {
      expect(systems.hoop.getInfo).toHaveBeenCalled();
      return 2;
    });
    const onPlan = jest.fn(() => expect(apply).not.toHaveBeenCalled());
    await expect(
      disconnectGateway(systems, DESIRED, { log, onPlan }),
    ).resolves.toEqual({ changes: plan.changes, writes: 5, restarted: true });
    expect(onPlan).toHaveBeenCalledWith(plan.changes);
    expect(restore).not.toHaveBeenCalled();
    expect(systems.hoop.getLoginUrl).not.toHaveBeenCalled();
  });

  it.each([false, true])(
    'should refuse where nothing is left to do but the gateway keeps another sign-in (dry run: %s)',
    async dryRun => {
      const { systems, answer } = start({ changes: [], restart: false });
      answer('oidc');
      await expect(
        disconnectGateway(systems, DESIRED, { log, dryRun }),
      ).rejects.toMatchObject({
        name: 'InputError',
        message: expect.stringMatching(
          /^The gateway "prod" was not changed\. .* still reports auth method "oidc"; expected "local"\. A sign-in configuration stored in the gateway overrides/,
        ),
      });
      // A stored configuration takes effect without a restart: there is nothing to wait for.
      expect(systems.hoop.getInfo).toHaveBeenCalledTimes(1);
    },
  );

  it('should refuse where nothing is left to do and the gateway cannot be asked', async () => {
    const { systems } = start({ changes: [], restart: false });
    systems.hoop.getInfo.mockRejectedValue(new Error('refused'));
    await expect(
      disconnectGateway(systems, DESIRED, { log }),
    ).rejects.toMatchObject({
      name: 'ServiceUnavailableError',
      message:
        'The gateway "prod" was not changed. The gateway did not report its auth method: refused.',
    });
  });

  it('should wait for a restart that an earlier run has begun', async () => {
    const { systems, state, answer } = start({ changes: [], restart: false });
    answer('oidc');
    state.current.rollout.done = false;
    const followRollout = jest.fn(async () => {
      answer('local');
    });
    state.followRollout = followRollout;
    await disconnectGateway(systems, DESIRED, { log, dryRun: true });
    expect(followRollout).not.toHaveBeenCalled();
    await disconnectGateway(systems, DESIRED, { log });
    expect(followRollout).toHaveBeenCalledTimes(1);
  });

  it('should clean up after an interrupted run once the gateway uses local sign-in', async () => {
    const { systems, answer, apply, finish, restore } = start({
      restart: false,
    });
    apply.mockImplementation(async () => ({ writes: 0, restore, finish }));
    finish.mockResolvedValue(2);
    answer('oidc');
    await expect(
      disconnectGateway(systems, DESIRED, { log, allowLockout: true }),
    ).rejects.toThrow('still reports auth method "oidc"; expected "local"');
    expect(finish).not.toHaveBeenCalled();

    answer('local');
    await expect(
      disconnectGateway(systems, DESIRED, { log }),
    ).resolves.toMatchObject({ writes: 2, restarted: false });
  });

  it('should stop after the plan in a dry run', async () => {
    const { systems, plan, apply } = start();
    await expect(
      disconnectGateway(systems, DESIRED, { log, dryRun: true }),
    ).resolves.toEqual({ changes: plan.changes, writes: 0, restarted: false });
    expect(apply).not.toHaveBeenCalled();
  });

  it('should refuse with what would keep the gateway from local sign-in', async () => {
    const { systems, apply } = start({
      refusals: ['IDP_URI would still be set by x. Remove it there.'],
    });
    await expect(disconnectGateway(systems, DESIRED, { log })).rejects.toThrow(
      expect.objectContaining({
        name: 'InputError',
        message:
          'The gateway "prod" was not changed. IDP_URI would still be set by x. Remove it there.',
      }),
    );
    expect(apply).not.toHaveBeenCalled();
  });

  it('should leave objects of other tools alone, unless allowed', async () => {
    const { systems, plan, apply } = start();
    plan.owners.push({
      tool: 'Helm',
      object: 'Deployment "hoopgateway"',
      detail: 'release "hoop"',
    });
    await expect(disconnectGateway(systems, DESIRED, { log })).rejects.toThrow(
      'Deployment "hoopgateway" is managed by Helm (release "hoop")',
    );
    expect(apply).not.toHaveBeenCalled();
    await disconnectGateway(systems, DESIRED, { log, allowManaged: true });
    expect(apply).toHaveBeenCalledTimes(1);
  });

  it('should restore the settings where the gateway keeps another sign-in', async () => {
    const { systems, answer, restore, finish } = start();
    answer('oidc');
    await expect(
      disconnectGateway(systems, DESIRED, { log, verify, allowLockout: true }),
    ).rejects.toThrow(
      expect.objectContaining({
        name: 'GatewayRolloutError',
        message: expect.stringMatching(
          /^The gateway came up but does not use local sign-in\. .* still reports auth method "oidc"; expected "local"\. A sign-in configuration stored in the gateway.* Previous settings restored\./,
        ),
      }),
    );
    expect(restore).toHaveBeenCalledTimes(1);
    expect(finish).not.toHaveBeenCalled();
  });

  it('should wait for a gateway that does not answer immediately, and say so where it never does', async () => {
    const { systems, answer, restore } = start();
    systems.hoop.getInfo.mockRejectedValueOnce(new Error('refused'));
    await disconnectGateway(systems, DESIRED, {
      log,
      verify: { timeoutMs: 10_000 },
      allowLockout: true,
    });
    expect(restore).not.toHaveBeenCalled();

    answer('local').mockRejectedValue(new Error('refused'));
    restore.mockRejectedValueOnce(new Error('no route'));
    await expect(
      disconnectGateway(systems, DESIRED, { log, verify, allowLockout: true }),
    ).rejects.toThrow(
      /The gateway did not report its auth method: refused\. Restoring the previous settings failed too: no route\./,
    );
  });

  it('should restore the settings when it is cancelled', async () => {
    const { systems, apply, restore, finish } = start();
    const controller = new AbortController();
    const reason = new Error('cancelled by the user');
    apply.mockImplementation(async () => {
      controller.abort(reason);
      return { writes: 3, restore, finish };
    });
    await expect(
      disconnectGateway(systems, DESIRED, { log, signal: controller.signal }),
    ).rejects.toBe(reason);
    expect(restore).toHaveBeenCalledTimes(1);
    expect(finish).not.toHaveBeenCalled();
  });
});
