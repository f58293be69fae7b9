import { configureGateway } from './connect';
import {
  changingPlan,
  changingSystems,
  fakeSystems,
  type FakeSystems,
} from '../integration/__testUtils__/fakeSystems';
import {
  CLIENT_SECRET,
  DESIRED,
} from '../integration/__testUtils__/goodObservation';

const verify = { timeoutMs: 0 };

describe('configureGateway', () => {
  const lines: string[] = [];

  const log = (line: string) => lines.push(line);

  beforeEach(() => {
    lines.length = 0;
  });

  it('should write nothing where every setting matches', async () => {
    const { systems, apply } = changingSystems({
      changes: [],
      restart: false,
    });
    await expect(configureGateway(systems, DESIRED, { log })).resolves.toEqual({
      changes: [],
      writes: 0,
      restarted: false,
    });
    expect(apply).not.toHaveBeenCalled();
    // What was read for the plan is what is proven.
    expect(systems.hoop.getLoginUrl).toHaveBeenCalledTimes(1);
    expect(systems.target.read).toHaveBeenCalledTimes(1);
    expect(systems.hoop.getInfo).toHaveBeenCalledTimes(1);
  });

  it('should show the plan, apply it, and verify the sign-in', async () => {
    const { systems, plan, apply, restore } = changingSystems();
    const onPlan = jest.fn(() => expect(apply).not.toHaveBeenCalled());
    const result = await configureGateway(systems, DESIRED, { log, onPlan });
    expect(result).toEqual({
      changes: plan.changes,
      writes: 3,
      restarted: true,
    });
    expect(onPlan).toHaveBeenCalledWith(plan.changes);
    // Before, in search of a stored configuration, and to verify.
    expect(systems.hoop.getLoginUrl).toHaveBeenCalledTimes(2);
    expect(restore).not.toHaveBeenCalled();
  });

  it('should stop after the plan in a dry run', async () => {
    const { systems, plan, apply } = changingSystems();
    const result = await configureGateway(systems, DESIRED, {
      log,
      dryRun: true,
    });
    expect(result).toEqual({
      changes: plan.changes,
      writes: 0,
      restarted: false,
    });
    expect(apply).not.toHaveBeenCalled();
  });

  it('should plan in a dry run for an application that is only planned', async () => {
    const { systems, state } = fakeSystems();
    systems.authentik.applications.length = 0;
    state.plan = changingPlan().plan;
    const run = configureGateway(systems, DESIRED, { log, dryRun: true });
    await expect(run).resolves.toMatchObject({ changes: state.plan.changes });
    expect(lines).toEqual([]);
    await expect(configureGateway(systems, DESIRED, { log })).rejects.toThrow(
      'The gateway "prod" was not changed. Application exists: expected an application with the slug "hoop"; found none.',
    );
  });

  it.each<[string, string, (fake: FakeSystems) => void]>([
    [
      'a missing redirect URI',
      'Redirect URI is strict and exact: expected',
      ({ systems }) => {
        systems.authentik.providers[0].redirectUris = [];
      },
    ],
    [
      'a secret that authentik refuses',
      'authentik accepts the client secret',
      ({ systems }) =>
        systems.probes.probeClientSecret.mockResolvedValue(false),
    ],
    [
      'an application without a provider',
      'Provider',
      ({ systems }) => {
        systems.authentik.applications[0].provider = undefined;
        systems.authentik.applications[0].providerModel = undefined;
      },
    ],
  ])(
    'should leave %s to another step in a dry run, and refuse it otherwise',
    async (_, refusal, change) => {
      const fake = changingSystems();
      const { plan, apply } = fake;
      change(fake);

      await expect(
        configureGateway(fake.systems, DESIRED, { log, dryRun: true }),
      ).resolves.toMatchObject({ changes: plan.changes, writes: 0 });
      expect(lines).toEqual([]);

      await expect(
        configureGateway(fake.systems, DESIRED, { log }),
      ).rejects.toMatchObject({
        name: 'InputError',
        message: expect.stringContaining(refusal),
      });
      expect(apply).not.toHaveBeenCalled();
    },
  );

  it.each<[string, string, string, (fake: FakeSystems) => void]>([
    [
      'the application cannot be read',
      'ServiceUnavailableError',
      'Token lacks a permission in authentik: the token may not getApplication.',
      ({ systems }) => systems.authentik.refused.add('getApplication'),
    ],
    [
      'the cluster cannot be reached',
      'ServiceUnavailableError',
      'The gateway "prod" was not changed. Gateway deployment could not be read: no route to cluster.',
      ({ systems }) =>
        systems.target.read.mockRejectedValue(new Error('no route to cluster')),
    ],
    [
      'the target refuses the plan',
      'InputError',
      'The gateway "prod" was not changed. It is paused.',
      ({ state }) => {
        state.plan = { ...state.plan, refusals: ['It is paused.'] };
      },
    ],
  ])('should end a dry run too where %s', async (_, name, message, change) => {
    const fake = fakeSystems();
    change(fake);
    await expect(
      configureGateway(fake.systems, DESIRED, { log, dryRun: true }),
    ).rejects.toMatchObject({
      name,
      message: expect.stringContaining(message),
    });
  });

  it('should leave what overrides the settings now to the plan', async () => {
    const { systems, state, apply } = changingSystems();
    let asked = 0;
    const shadowed = structuredClone(state.current.overrides);
    shadowed.push({ key: 'IDP_URI', source: 'x', remedy: 'Remove it.' });
    systems.target.read.mockImplementation(async () => ({
      state: { ...state.current, overrides: asked++ === 0 ? shadowed : [] },
      plan: () => state.plan,
      planDisconnect: () => state.plan,
    }));
    await configureGateway(systems, DESIRED, { log });
    expect(apply).toHaveBeenCalledTimes(1);
  });

  it('should restore the previous settings when the sign-in cannot be verified', async () => {
    const { systems, restore } = changingSystems();
    systems.hoop.hasOidcLoaded.mockResolvedValue(false);
    const failure = await configureGateway(systems, DESIRED, {
      log,
      verify,
    }).catch(error => error);
    expect(failure).toMatchObject({ name: 'GatewayRolloutError' });
    expect(failure.message).toContain(
      'The gateway came up but does not sign people in with authentik. ' +
        'The sign-in could not be verified. Gateway has loaded authentik',
    );
    expect(failure.message).toMatch(
      /Previous settings restored\. Fix the cause above and run the task again\.$/,
    );
    expect(restore).toHaveBeenCalledTimes(1);
    expect(failure.message).not.toContain(CLIENT_SECRET);
  });

  it('should give both reasons when that fails too', async () => {
    const { systems, restore } = changingSystems();
    systems.hoop.hasOidcLoaded.mockResolvedValue(false);
    restore.mockRejectedValue(new Error('no route to cluster'));
    await expect(
      configureGateway(systems, DESIRED, { log, verify }),
    ).rejects.toThrow(
      /Gateway has loaded authentik.* Restoring the previous settings failed too: no route to cluster\./,
    );
    expect(lines.at(-1)).toContain('no route to cluster');
  });

  it('should restore the previous settings when it is cancelled', async () => {
    const { systems, apply, restore, finish } = changingSystems();
    const controller = new AbortController();
    const reason = new Error('cancelled by the user');
    apply.mockImplementation(async () => {
      controller.abort(reason);
      return { writes: 3, restore, finish };
    });
    await expect(
      configureGateway(systems, DESIRED, { log, signal: controller.signal }),
    ).rejects.toBe(reason);
    expect(restore).toHaveBeenCalledTimes(1);
  });
});
