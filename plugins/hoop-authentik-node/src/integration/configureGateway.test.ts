import { GatewayRolloutError } from '../targets';
import type { TargetState } from '../targets/types';
import { configureGateway } from './configureGateway';
import { changingPlan, fakeSystems } from './testing/fakeSystems';
import {
  CLIENT_SECRET,
  DESIRED,
  goodAuthConfig,
  goodLoginUrl,
  goodState,
} from './testing/goodObservation';

const verify = { timeoutMs: 0 };

describe('configureGateway', () => {
  const lines: string[] = [];
  const log = (line: string) => lines.push(line);

  beforeEach(() => {
    lines.length = 0;
  });

  it('should write nothing where everything is right', async () => {
    const { systems, state } = fakeSystems();
    const { plan, apply } = changingPlan({ changes: [], restart: false });
    state.plan = plan;
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

  describe('where nothing is left to change', () => {
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
      'should see the gateway through and verify it while %s',
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
        new GatewayRolloutError('It does not come up: no issuer. Mend it.'),
      );
      await expect(
        configureGateway(systems, DESIRED, { log }),
      ).rejects.toMatchObject({
        name: 'GatewayRolloutError',
        message:
          'The gateway "prod" was not changed: it has the settings already. It does not come up: no issuer. Mend it. ' +
          'What is mended already counts at once after hoop:gateway:restart; to put the gateway back to local sign-in, use hoop:gateway:disconnect.',
      });
    });

    it('should look why a gateway does not answer that seems to run', async () => {
      const { systems, followRollout } = start();
      systems.hoop.getInfo.mockRejectedValue(new Error('answered 503.'));
      followRollout.mockRejectedValue(
        new GatewayRolloutError('It does not come up: no issuer. Mend it.'),
      );
      await expect(configureGateway(systems, DESIRED, { log })).rejects.toThrow(
        'it has the settings already. It did not answer: answered 503. It does not come up: no issuer.',
      );
    });

    it('should fail where the gateway does not sign people in all the same', async () => {
      const { systems, followRollout } = start();
      systems.hoop.hasOidcLoaded.mockResolvedValue(false);
      await expect(
        configureGateway(systems, DESIRED, { log, verify }),
      ).rejects.toMatchObject({
        name: 'GatewayRolloutError',
        message: expect.stringMatching(
          /^The gateway has the settings already and was not changed, but does not sign people in with authentik\. .*Gateway has loaded authentik/,
        ),
      });
      expect(followRollout).not.toHaveBeenCalled();
    });

    it('should verify a gateway again that was not ready at once', async () => {
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

  describe('where no API key shows what the gateway stores', () => {
    const leadsTo = (clientId: string) => ({ ...goodLoginUrl(), clientId });
    const start = () => {
      const fake = fakeSystems();
      const { plan, apply, ...changing } = changingPlan();
      fake.state.plan = plan;
      fake.state.current.settings.IDP_CLIENT_ID.value = 'before';
      apply.mockImplementation(async () => {
        fake.state.current = goodState();
        fake.systems.hoop.getLoginUrl.mockResolvedValue(goodLoginUrl());
        return { writes: 3, ...changing };
      });
      return { ...fake, apply };
    };

    it('should write nothing where its sign-in leads to another client than its environment', async () => {
      const { systems, apply } = start();
      systems.hoop.getLoginUrl.mockResolvedValue(leadsTo('stored'));
      await expect(
        configureGateway(systems, DESIRED, { log }),
      ).rejects.toMatchObject({
        name: 'InputError',
        message: expect.stringMatching(
          /was not changed\. .*found client id stored: a configuration is probably stored in the gateway/,
        ),
      });
      expect(apply).not.toHaveBeenCalled();
    });

    it('should call no success what has only the right environment', async () => {
      const { systems, state } = start();
      state.current = goodState();
      state.plan = changingPlan({ changes: [], restart: false }).plan;
      systems.hoop.getLoginUrl.mockResolvedValue(leadsTo('stored'));
      await expect(configureGateway(systems, DESIRED, { log })).rejects.toThrow(
        'a configuration is probably stored in the gateway',
      );
    });

    it('should switch a gateway that does what its environment said before', async () => {
      const { systems, apply } = start();
      systems.hoop.getLoginUrl.mockResolvedValue(leadsTo('before'));
      await configureGateway(systems, DESIRED, { log });
      expect(apply).toHaveBeenCalledTimes(1);
    });

    it.each<[string, (fake: ReturnType<typeof fakeSystems>) => void, object]>([
      [
        'an API key tells more',
        ({ systems }) => {
          systems.hoop.hasApiKey = true;
          systems.hoop.getAuthConfig.mockResolvedValueOnce(
            goodAuthConfig({}, { client_id: 'before' }),
          );
        },
        {},
      ],
      [
        'it has loaded no provider',
        ({ systems }) =>
          systems.hoop.hasOidcLoaded.mockResolvedValueOnce(false),
        {},
      ],
      ['nothing may be left behind', () => {}, { dryRun: true }],
    ])(
      'should not ask where its sign-in leads when %s',
      async (_, change, options) => {
        const fake = start();
        change(fake);
        const apply = jest.fn(async () => {
          throw new Error('far enough');
        });
        fake.state.plan.apply = apply;
        await configureGateway(fake.systems, DESIRED, {
          log,
          ...options,
        }).catch(() => {});
        expect(apply).toHaveBeenCalledTimes('dryRun' in options ? 0 : 1);
        expect(fake.systems.hoop.getLoginUrl).not.toHaveBeenCalled();
      },
    );
  });

  it('should show the plan, apply it, and verify the sign-in', async () => {
    const { systems, state } = fakeSystems();
    const { plan, apply, restore } = changingPlan();
    state.plan = plan;
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
    const { systems, state } = fakeSystems();
    const { plan, apply } = changingPlan();
    state.plan = plan;
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
    expect(lines).toEqual([
      expect.stringContaining(
        'The step that ensures the application has to mend this: Application exists: expected an application with the slug "hoop"; found none.',
      ),
    ]);
    await expect(configureGateway(systems, DESIRED, { log })).rejects.toThrow(
      'The gateway "prod" was not changed. Application exists: expected an application with the slug "hoop"; found none.',
    );
  });

  it.each<[string, string, (fake: ReturnType<typeof fakeSystems>) => void]>([
    [
      'a redirect URI that somebody removed',
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
    'should tell of %s in a dry run, and refuse it otherwise',
    async (_, told, change) => {
      const fake = fakeSystems();
      const { plan, apply } = changingPlan();
      fake.state.plan = plan;
      change(fake);

      await expect(
        configureGateway(fake.systems, DESIRED, { log, dryRun: true }),
      ).resolves.toMatchObject({ changes: plan.changes, writes: 0 });
      expect(
        lines.filter(line =>
          line.startsWith(
            'The step that ensures the application has to mend this: ',
          ),
        ),
      ).toContainEqual(expect.stringContaining(told));

      await expect(
        configureGateway(fake.systems, DESIRED, { log }),
      ).rejects.toMatchObject({
        name: 'InputError',
        message: expect.stringContaining(told),
      });
      expect(apply).not.toHaveBeenCalled();
    },
  );

  it.each<
    [string, string, string, (fake: ReturnType<typeof fakeSystems>) => void]
  >([
    [
      'the application cannot be read',
      'ServiceUnavailableError',
      'that may read the application and what belongs to it; found the token may not getApplication.',
      ({ systems }) => systems.authentik.refused.add('getApplication'),
    ],
    [
      'the cluster cannot be reached',
      'ServiceUnavailableError',
      'The gateway "prod" was not changed. no route to cluster',
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

  it('should refuse where nobody would administer the gateway, unless that is accepted', async () => {
    const desired = {
      ...DESIRED,
      gateway: { ...DESIRED.gateway, adminGroup: 'Admin' },
    };
    const { systems, state } = fakeSystems();
    const { plan, apply } = changingPlan();
    state.plan = plan;
    await expect(
      configureGateway(systems, desired, { log }),
    ).rejects.toMatchObject({
      name: 'InputError',
      message: expect.stringContaining(
        'Somebody will administer the gateway: expected a group "Admin" in authentik with an active member; found no such group.',
      ),
    });
    expect(apply).not.toHaveBeenCalled();

    await configureGateway(systems, desired, { log, allowLockout: true });
    expect(apply).toHaveBeenCalledTimes(1);
  });

  it('should waive nothing else with it', async () => {
    const { systems, state } = fakeSystems();
    const { plan, apply } = changingPlan();
    state.plan = plan;
    systems.authentik.providers[0].encryptionKey = 'key-rsa';
    await expect(
      configureGateway(systems, DESIRED, { log, allowLockout: true }),
    ).rejects.toMatchObject({
      message: expect.stringContaining('tokens are encrypted'),
    });
    expect(apply).not.toHaveBeenCalled();
  });

  it.each<
    [string, string, string, (fake: ReturnType<typeof fakeSystems>) => void]
  >([
    [
      'the issuer differs',
      'InputError',
      'Discovery document has the exact issuer and usable keys: expected issuer',
      ({ systems }) =>
        systems.probes.getDiscovery.mockResolvedValue({
          ...DESIRED,
          issuer: 'http://internal/',
          authorizationEndpoint: '',
          tokenEndpoint: '',
          jwksUri: '',
          idTokenSigningAlgorithms: [],
          scopes: [],
          claims: [],
        }),
    ],
    [
      'the secret is refused',
      'InputError',
      'authentik accepts the client secret',
      ({ systems }) =>
        systems.probes.probeClientSecret.mockResolvedValue(false),
    ],
    [
      'the redirect URI is missing',
      'InputError',
      'Redirect URI is strict and exact',
      ({ systems }) => {
        systems.authentik.providers[0].redirectUris = [];
      },
    ],
    [
      'the cluster cannot be reached',
      'ServiceUnavailableError',
      'The gateway "prod" was not changed. no route to cluster',
      ({ systems }) =>
        systems.target.read.mockRejectedValue(new Error('no route to cluster')),
    ],
    [
      'the plan is refused',
      'InputError',
      'The gateway "prod" was not changed. It is paused.',
      ({ state }) => {
        state.plan = { ...state.plan, refusals: ['It is paused.'] };
      },
    ],
    [
      'Helm manages the objects',
      'InputError',
      'Deployment "hoopgateway" is managed by Helm (release "hoop"), which would undo a live edit. ' +
        'Change the values it is made from instead, or set allowManaged to write all the same.',
      ({ state }) => {
        state.plan.owners = [
          {
            tool: 'Helm',
            object: 'Deployment "hoopgateway"',
            detail: 'release "hoop"',
          },
        ];
      },
    ],
  ])(
    'should not write anything where %s',
    async (_, errorName, message, change) => {
      const fake = fakeSystems();
      const { plan, apply } = changingPlan();
      fake.state.plan = plan;
      change(fake);
      await expect(
        configureGateway(fake.systems, DESIRED, { log }),
      ).rejects.toMatchObject({
        name: errorName,
        message: expect.stringContaining(message),
      });
      expect(apply).not.toHaveBeenCalled();
    },
  );

  it('should write to managed objects when told', async () => {
    const { systems, state } = fakeSystems();
    const { plan, apply } = changingPlan();
    state.plan = plan;
    plan.owners = [{ tool: 'Flux', object: 'x', detail: 'y' }];
    await configureGateway(systems, DESIRED, { log, allowManaged: true });
    expect(apply).toHaveBeenCalledTimes(1);
  });

  it('should leave what overrides the settings now to the plan', async () => {
    const { systems, state } = fakeSystems();
    const { plan, apply } = changingPlan();
    state.plan = plan;
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

  it('should put the previous settings back when the sign-in cannot be verified', async () => {
    const { systems, state } = fakeSystems();
    const { plan, restore } = changingPlan();
    state.plan = plan;
    systems.hoop.hasOidcLoaded.mockResolvedValue(false);
    const failure = await configureGateway(systems, DESIRED, {
      log,
      verify,
    }).catch(error => error);
    expect(failure).toMatchObject({ name: 'GatewayRolloutError' });
    expect(failure.message).toContain(
      'The gateway came up but does not sign people in with authentik. The previous settings are back. ' +
        'The sign-in could not be verified. Gateway has loaded authentik',
    );
    expect(restore).toHaveBeenCalledTimes(1);
    expect(failure.message).not.toContain(CLIENT_SECRET);
  });

  it('should give both reasons when that fails too', async () => {
    const { systems, state } = fakeSystems();
    const { plan, restore } = changingPlan();
    state.plan = plan;
    systems.hoop.hasOidcLoaded.mockResolvedValue(false);
    restore.mockRejectedValue(new Error('no route to cluster'));
    await expect(
      configureGateway(systems, DESIRED, { log, verify }),
    ).rejects.toThrow(
      /Putting the previous settings back failed: no route to cluster\. .*Gateway has loaded authentik/,
    );
    expect(lines.at(-1)).toContain('no route to cluster');
  });

  it('should put the previous settings back when it is cancelled', async () => {
    const { systems, state } = fakeSystems();
    const { plan, apply, restore, finish } = changingPlan();
    state.plan = plan;
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
