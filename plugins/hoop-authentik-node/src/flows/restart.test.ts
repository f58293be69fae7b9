import { restartGateway } from './restart';
import { fakeSystems } from '../integration/__testUtils__/fakeSystems';
import { DESIRED } from '../integration/__testUtils__/goodObservation';

const log = () => {};

describe('restartGateway', () => {
  it('should leave a gateway alone that runs with its settings', async () => {
    const { systems } = fakeSystems();
    await expect(restartGateway(systems, DESIRED, { log })).resolves.toEqual({
      restarted: false,
      reason: 'it already runs with its current settings',
    });
    expect(systems.target.restart).not.toHaveBeenCalled();
  });

  it('should restart one that started before its settings changed', async () => {
    const { systems, state } = fakeSystems();
    state.current.settingsInUse = false;
    await expect(restartGateway(systems, DESIRED, { log })).resolves.toEqual({
      restarted: true,
      reason: 'it started before its settings last changed',
    });
    expect(systems.target.restart).toHaveBeenCalledTimes(1);
  });

  it.each([
    ['is not complete', { done: false, problems: [] }],
    [
      'is complete with a container that crashes',
      { done: true, problems: ['x'] },
    ],
  ])('should restart one whose rollout %s', async (_, rollout) => {
    const { systems, state } = fakeSystems();
    state.current.rollout = { line: '', ...rollout };
    await expect(restartGateway(systems, DESIRED, { log })).resolves.toEqual({
      restarted: true,
      reason: 'its rollout is not complete',
    });
  });

  it('should restart one without a running container', async () => {
    const { systems, state } = fakeSystems();
    state.current.settingsInUse = undefined;
    await expect(restartGateway(systems, DESIRED, { log })).resolves.toEqual({
      restarted: true,
      reason: 'none of its containers is running',
    });
    expect(systems.target.restart).toHaveBeenCalledTimes(1);
  });

  it('should restart any gateway on request', async () => {
    const { systems } = fakeSystems();
    await expect(
      restartGateway(systems, DESIRED, { log, always: true }),
    ).resolves.toEqual({ restarted: true, reason: 'a restart was requested' });
  });

  it('should only say so in a dry run', async () => {
    const { systems } = fakeSystems();
    await expect(
      restartGateway(systems, DESIRED, { log, always: true, dryRun: true }),
    ).resolves.toEqual({ restarted: false, reason: 'a restart was requested' });
    expect(systems.target.restart).not.toHaveBeenCalled();
  });

  it('should not restart a gateway that would not come up', async () => {
    const { systems, state } = fakeSystems();
    state.current.outcome = { fails: 'missing required oidc attributes' };
    await expect(
      restartGateway(systems, DESIRED, { log, always: true }),
    ).rejects.toMatchObject({
      name: 'InputError',
      message:
        'The gateway was not restarted, because it would not start with its environment: missing required oidc attributes. Run hoop:gateway:configure first.',
    });
    expect(systems.target.restart).not.toHaveBeenCalled();
  });

  it('should pass failures and cancellation on', async () => {
    const { systems } = fakeSystems();
    const failure = new Error('did not come up');
    systems.target.restart.mockRejectedValue(failure);
    const options = { log, always: true, signal: AbortSignal.timeout(9_000) };
    await expect(restartGateway(systems, DESIRED, options)).rejects.toBe(
      failure,
    );
    expect(systems.target.restart).toHaveBeenCalledWith(options);
  });

  describe('with a switch that was never verified', () => {
    const verify = { timeoutMs: 0 };

    const withUnverified = () => {
      const fake = fakeSystems();
      const unverified = {
        interrupted: false,
        undo: jest.fn(async () => {}),
        confirm: jest.fn(async () => 1),
      };
      const { target } = fake.systems;
      const read = target.read.getMockImplementation()!;
      target.read.mockImplementation(async () => ({
        ...(await read()),
        unverified,
      }));
      return { ...fake, unverified };
    };

    it.each([true, false])(
      'should verify it, restarted or not (always: %s)',
      async always => {
        const { systems, unverified } = withUnverified();
        const options = { log, always, verify };
        await expect(
          restartGateway(systems, DESIRED, options),
        ).resolves.toMatchObject({ restarted: always });
        expect(unverified.confirm).toHaveBeenCalledTimes(1);
        expect(unverified.undo).not.toHaveBeenCalled();
      },
    );

    it('should verify one that has returned the gateway to local sign-in', async () => {
      const { systems, state, unverified } = withUnverified();
      state.current.outcome = { method: 'local' };
      systems.hoop.getInfo.mockResolvedValue({
        version: '1.148.0',
        authMethod: 'local',
        setupRequired: false,
      });
      await restartGateway(systems, DESIRED, { log, verify });
      expect(unverified.confirm).toHaveBeenCalledTimes(1);
      expect(systems.hoop.getLoginUrl).not.toHaveBeenCalled();
    });

    it('should leave the way back to another run where people cannot sign in', async () => {
      const { systems, unverified } = withUnverified();
      systems.hoop.hasOidcLoaded.mockResolvedValue(false);
      const lines: string[] = [];
      await restartGateway(systems, DESIRED, {
        log: line => lines.push(line),
        always: true,
        verify,
      });
      expect(unverified.confirm).not.toHaveBeenCalled();
      expect(unverified.undo).not.toHaveBeenCalled();
      expect(lines.at(-1)).toMatch(
        /an earlier switch is still unverified: .* Run hoop:gateway:configure/,
      );
    });

    it('should change nothing in a dry run', async () => {
      const { systems, unverified } = withUnverified();
      const options = { log, always: true, dryRun: true, verify };
      await restartGateway(systems, DESIRED, options);
      expect(unverified.confirm).not.toHaveBeenCalled();
    });
  });
});
