import { inspect } from 'node:util';
import { ServiceUnavailableError } from '@backstage/errors';
import type { FakeAuthentikClient } from '../application/__testUtils__/FakeAuthentikClient';
import { AuthentikServerError } from '../systems/authentik';
import { SecretValue, type Settings } from '../core';
import { GatewayRolloutError } from '../targets';
import type { TargetPlan, TargetState } from '../targets/types';
import type { ConfigureOptions } from './connect';
import { rotateClientSecret, type RotateResult } from './rotate';
import {
  changingPlan,
  fakeSystems,
} from '../integration/__testUtils__/fakeSystems';
import {
  CLIENT_SECRET,
  DESIRED,
} from '../integration/__testUtils__/goodObservation';

/** A gateway whose target holds the secret it was last switched to. */
function startRotation() {
  const fake = fakeSystems();
  const { authentik } = fake.systems;
  /** What happened, in its order. */
  const events: string[] = [];
  /** All secrets that authentik ever had. */
  const secrets = [CLIENT_SECRET];
  /** The secret that the gateway has at present. */
  let inTarget = CLIENT_SECRET;
  const { plan, apply, restore, finish } = changingPlan();
  const planFor = jest.fn(
    (settings: Settings): TargetPlan => ({
      ...plan,
      apply: async () => {
        await apply();
        inTarget = settings.IDP_CLIENT_SECRET.reveal();
        events.push('target');
        return { writes: 3, restore, finish };
      },
    }),
  );
  restore.mockImplementation(async () => {
    inTarget = CLIENT_SECRET;
    events.push('target restored');
  });
  fake.systems.target.read.mockImplementation(async () => {
    const state = stateWith(fake.state.current, inTarget);
    return { state, plan: planFor, planDisconnect: () => plan };
  });
  authentik.onWrite = method => {
    secrets.push(secretIn(authentik));
    events.push(`authentik ${method}`);
  };
  const log: string[] = [];
  return {
    ...fake,
    authentik,
    plan,
    planFor,
    apply,
    restore,
    finish,
    events,
    secrets,
    log,
    target: () => inTarget,
    carryIn: (secret: string) => {
      inTarget = secret;
    },
    rotate: (options: Partial<ConfigureOptions> = {}) =>
      rotateClientSecret(fake.systems, DESIRED, {
        claim: {
          slug: 'hoop',
          claimedApplication: 'hoop',
          redirectUri: DESIRED.redirectUri,
        },
        log: line => log.push(line),
        verify: { timeoutMs: 0 },
        ...options,
      }),
  };
}

/** The state of the target once it has a secret. */
function stateWith(state: TargetState, secret: string): TargetState {
  const { IDP_CLIENT_SECRET: setting } = state.settings;
  return {
    ...state,
    settings: {
      ...state.settings,
      IDP_CLIENT_SECRET: { ...setting, value: new SecretValue(secret) },
    },
  };
}

type Rotation = ReturnType<typeof startRotation>;

function secretIn({ providers }: FakeAuthentikClient): string {
  return providers[0].clientSecret.reveal();
}

/** The error a rotation ends with, after which every system has its previous secret. */
async function failureOf(
  rotation: Rotation,
  options?: Partial<ConfigureOptions>,
): Promise<Error> {
  const error = await rotation.rotate(options).then(
    (result: RotateResult) => {
      throw new Error(`gave ${JSON.stringify(result)}`);
    },
    (reason: Error) => reason,
  );
  expect(secretIn(rotation.authentik)).toBe(CLIENT_SECRET);
  expect(rotation.target()).toBe(CLIENT_SECRET);
  expectNoSecretIn(rotation, error);
  return error;
}

function expectNoSecretIn(rotation: Rotation, ...shown: unknown[]): void {
  const text = inspect([rotation.log, ...shown], {
    depth: Infinity,
    showHidden: true,
    breakLength: Infinity,
    maxStringLength: Infinity,
  });
  expect(rotation.secrets.filter(secret => text.includes(secret))).toEqual([]);
}

describe('rotateClientSecret', () => {
  it('should not touch authentik where the target may not be written', async () => {
    const rotation = startRotation();
    const { plan } = changingPlan();
    rotation.planFor.mockReturnValue({
      ...plan,
      confirmRights: async () => {
        throw new Error('rights are missing');
      },
    });
    expect((await failureOf(rotation)).message).toBe('rights are missing');
    expect(rotation.events).toEqual([]);
    expect(rotation.apply).not.toHaveBeenCalled();
  });

  it('should be possible for a gateway that was connected although no group administers it', async () => {
    const rotation = startRotation();
    jest
      .spyOn(rotation.authentik, 'findGroupMembers')
      .mockResolvedValue(undefined);
    await rotation.rotate();
    expect(rotation.events).toEqual(['authentik updateProvider', 'target']);
    expect(secretIn(rotation.authentik)).not.toBe(CLIENT_SECRET);
  });

  it('should give authentik a new secret, then the target, and verify the sign-in', async () => {
    const rotation = startRotation();
    const onPlan = jest.fn();

    const result = await rotation.rotate({ onPlan });

    expect(rotation.events).toEqual(['authentik updateProvider', 'target']);
    expect(result).toEqual({
      changes: [
        {
          object: 'authentik provider "Provider for Hoop"',
          field: 'clientSecret',
          from: '<changed>',
          to: '<changed>',
        },
        expect.objectContaining({ field: 'IDP_CLIENT_SECRET' }),
      ],
      writes: 4,
      restarted: true,
    });
    // In search of a stored configuration before each of the two systems is changed, and to verify.
    expect(rotation.systems.hoop.getLoginUrl).toHaveBeenCalledTimes(3);
    expect(rotation.restore).not.toHaveBeenCalled();
    expect(rotation.target()).toBe(secretIn(rotation.authentik));
    expect(rotation.target()).not.toBe(CLIENT_SECRET);
    expect(onPlan.mock.calls).toEqual([[result.changes]]);
    expectNoSecretIn(rotation, result, onPlan.mock.calls);
  });

  it('should make a secret of 128 letters and digits, another one each time', async () => {
    const rotation = startRotation();

    await rotation.rotate();
    await rotation.rotate();

    const [, first, second] = rotation.secrets;
    expect(first).toMatch(/^[A-Za-z0-9]{128}$/);
    expect(second).toMatch(/^[A-Za-z0-9]{128}$/);
    expect(second).not.toBe(first);
  });

  it('should change nothing else of the provider', async () => {
    const rotation = startRotation();
    const [{ clientSecret: _, ...before }] = rotation.authentik.providers;

    await rotation.rotate();

    expect(rotation.authentik.providers).toEqual([
      expect.objectContaining(before),
    ]);
  });

  it('should only plan in a dry run, with what the target would be given', async () => {
    const rotation = startRotation();
    const onPlan = jest.fn();

    const result = await rotation.rotate({ dryRun: true, onPlan });

    expect(result).toMatchObject({ writes: 0, restarted: false });
    expect(result.changes.map(({ field }) => field)).toEqual([
      'clientSecret',
      'IDP_CLIENT_SECRET',
    ]);
    expect(onPlan.mock.calls).toEqual([[result.changes]]);
    expect(rotation.events).toEqual([]);
    expect(rotation.systems.hoop.getLoginUrl).not.toHaveBeenCalled();
  });

  it('should plan for the secret it is about to set, and not for the one in use', async () => {
    const rotation = startRotation();

    await rotation.rotate();

    const planned = rotation.planFor.mock.calls.map(([settings]) =>
      settings.IDP_CLIENT_SECRET.reveal(),
    );
    expect(new Set(planned)).toEqual(new Set([rotation.target()]));
  });

  it.each<[string, string, string, (rotation: Rotation) => void]>([
    [
      'there is no application',
      'InputError',
      'The authentik application "hoop" on https://auth.company does not exist or has no OAuth2/OpenID provider, so there is no secret to rotate. Connect the gateway first.',
      ({ authentik }) => {
        authentik.applications.length = 0;
      },
    ],
    [
      'the application has no provider',
      'InputError',
      'so there is no secret to rotate. Connect the gateway first.',
      ({ authentik }) => {
        authentik.applications[0].provider = undefined;
      },
    ],
    [
      'a check before the switch fails',
      'InputError',
      'The gateway "prod" was not changed. Redirect URI is strict and exact',
      ({ authentik }) => {
        authentik.providers[0].redirectUris = [];
      },
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
      ({ planFor }) =>
        planFor.mockReturnValue({
          ...changingPlan().plan,
          refusals: ['It is paused.'],
        }),
    ],
    [
      'Helm would undo it',
      'InputError',
      'is managed by Helm (release "hoop"), which would undo a live edit.',
      ({ plan }) => {
        plan.owners = [
          { tool: 'Helm', object: 'Secret "x"', detail: 'release "hoop"' },
        ];
      },
    ],
    [
      'the token may not even read',
      'ServiceUnavailableError',
      'The token of the authentik instance "default" lacks a permission.',
      ({ authentik }) => {
        authentik.refused.add('getApplication');
      },
    ],
  ])(
    'should leave authentik and the target untouched when %s',
    async (_, name, message, change) => {
      const rotation = startRotation();
      change(rotation);

      const error = await failureOf(rotation);

      expect(error.name).toBe(name);
      expect(error.message).toContain(message);
      expect(rotation.events).toEqual([]);
    },
  );

  it('should write to managed objects when allowed', async () => {
    const rotation = startRotation();
    rotation.plan.owners = [{ tool: 'Flux', object: 'x', detail: 'y' }];

    await rotation.rotate({ allowManaged: true });

    expect(rotation.events).toEqual(['authentik updateProvider', 'target']);
  });

  it('should restore the previous secret when the gateway does not come up', async () => {
    const rotation = startRotation();
    const failure = new GatewayRolloutError('The gateway did not come up.');
    rotation.apply.mockRejectedValue(failure);

    await expect(failureOf(rotation)).resolves.toBe(failure);
    expect(rotation.events).toEqual([
      'authentik updateProvider',
      'authentik updateProvider',
    ]);
    expect(rotation.log).toEqual([
      'authentik has a new client secret',
      'Previous client secret restored in authentik',
    ]);
  });

  it('should leave a secret alone that another process has set since', async () => {
    const rotation = startRotation();
    const failure = new GatewayRolloutError('The gateway did not come up.');
    const theirs = new SecretValue('the-secret-of-another-process');
    rotation.apply.mockImplementation(async () => {
      rotation.authentik.providers[0].clientSecret = theirs;
      throw failure;
    });

    await expect(rotation.rotate()).rejects.toBe(failure);
    expect(rotation.events).toEqual(['authentik updateProvider']);
    expect(rotation.authentik.providers[0].clientSecret).toBe(theirs);
    expect(rotation.log.at(-1)).toContain(
      'The client secret in authentik was modified concurrently; nothing was overwritten.',
    );
  });

  it('should leave the new secret in authentik where the gateway already has it', async () => {
    const rotation = startRotation();
    const failure = new GatewayRolloutError('The gateway did not come up.');
    rotation.apply.mockImplementation(async () => {
      // Another run has carried it in, after which this one meets a conflict.
      rotation.carryIn(secretIn(rotation.authentik));
      throw failure;
    });

    await expect(rotation.rotate()).rejects.toBe(failure);

    expect(secretIn(rotation.authentik)).not.toBe(CLIENT_SECRET);
    expect(rotation.target()).toBe(secretIn(rotation.authentik));
    expect(rotation.log.at(-1)).toBe(
      'The gateway already has the new client secret, so authentik keeps it',
    );
    expectNoSecretIn(rotation, failure);
  });

  it('should restore the previous secret where it cannot be read which one the gateway has', async () => {
    const rotation = startRotation();
    const failure = new GatewayRolloutError('The gateway did not come up.');
    rotation.apply.mockImplementation(async () => {
      rotation.systems.target.read.mockRejectedValue(
        new ServiceUnavailableError('no route to cluster'),
      );
      throw failure;
    });

    await expect(failureOf(rotation)).resolves.toBe(failure);
    expect(rotation.log).toContainEqual(
      expect.stringMatching(
        /could not be read: no route to cluster\. Run hoop:gateway:configure/,
      ),
    );
  });

  it('should repeat what authentik or the cluster does not answer on the way back', async () => {
    const rotation = startRotation();
    const failure = new GatewayRolloutError('The gateway did not come up.');
    const { onWrite } = rotation.authentik;
    const lost = new AuthentikServerError('server error');
    rotation.apply.mockImplementation(async () => {
      rotation.systems.target.read.mockRejectedValueOnce(
        new ServiceUnavailableError('the cluster is starting'),
      );
      jest.spyOn(rotation.authentik, 'getProvider').mockRejectedValueOnce(lost);
      let times = 0;
      rotation.authentik.onWrite = method => {
        onWrite(method);
        if (++times < 3) {
          throw lost;
        }
      };
      throw failure;
    });

    await expect(failureOf(rotation)).resolves.toBe(failure);
    expect(rotation.log.at(-1)).toBe(
      'Previous client secret restored in authentik',
    );
  });

  it('should restore the previous secret in both when the sign-in cannot be verified', async () => {
    const rotation = startRotation();
    rotation.systems.hoop.hasOidcLoaded
      .mockResolvedValueOnce(true)
      .mockResolvedValueOnce(true)
      .mockResolvedValue(false);

    const error = await failureOf(rotation);

    expect(error.name).toBe('GatewayRolloutError');
    expect(error.message).toContain(
      'The gateway came up but does not sign people in with authentik. The sign-in could not be verified.',
    );
    expect(error.message).toContain('Previous settings restored.');
    expect(rotation.events).toEqual([
      'authentik updateProvider',
      'target',
      'target restored',
      'authentik updateProvider',
    ]);
  });

  it('should restore the previous secret in both when it is cancelled', async () => {
    const rotation = startRotation();
    const controller = new AbortController();
    const reason = new Error('cancelled by the user');
    rotation.apply.mockImplementation(async () => {
      controller.abort(reason);
      return {
        writes: 3,
        restore: rotation.restore,
        finish: rotation.finish,
      };
    });

    await expect(
      failureOf(rotation, { signal: controller.signal }),
    ).resolves.toBe(reason);
    expect(rotation.events.slice(1)).toEqual([
      'target',
      'target restored',
      'authentik updateProvider',
    ]);
  });

  it('should complete the request for a new secret when it is cancelled under way', async () => {
    const rotation = startRotation();
    const controller = new AbortController();
    const reason = new Error('cancelled by the user');
    const update = jest.spyOn(rotation.authentik, 'updateProvider');
    update.mockImplementationOnce(async (pk, fields, options) => {
      controller.abort(reason);
      // One that listened to the signal would leave it open what becomes of the request.
      expect(options?.signal).toBeUndefined();
      update.mockRestore();
      return rotation.authentik.updateProvider(pk, fields, options);
    });

    await expect(
      failureOf(rotation, { signal: controller.signal }),
    ).resolves.toBe(reason);
    expect(rotation.events).toEqual([
      'authentik updateProvider',
      'authentik updateProvider',
    ]);
    expect(rotation.log.at(-1)).toBe(
      'Previous client secret restored in authentik',
    );
  });

  it('should not begin when it is cancelled while it reads', async () => {
    const rotation = startRotation();
    const controller = new AbortController();
    const reason = new Error('cancelled by the user');

    await expect(
      failureOf(rotation, {
        signal: controller.signal,
        onPlan: () => controller.abort(reason),
      }),
    ).resolves.toBe(reason);
    expect(rotation.events).toEqual([]);
  });

  it('should restore the previous secret when the answer to the change is lost', async () => {
    const rotation = startRotation();
    const lost = new AuthentikServerError('server error');
    const { onWrite } = rotation.authentik;
    rotation.authentik.onWrite = method => {
      onWrite(method);
      rotation.authentik.onWrite = onWrite;
      throw lost;
    };

    await expect(failureOf(rotation)).resolves.toBe(lost);
    expect(rotation.secrets[1]).not.toBe(CLIENT_SECRET);
    expect(rotation.events).toEqual([
      'authentik updateProvider',
      'authentik updateProvider',
    ]);
  });

  it('should not try to restore anything when authentik refuses the change', async () => {
    const rotation = startRotation();
    rotation.authentik.refused.add('updateProvider');

    const error = await failureOf(rotation);

    expect(error.message).toContain(
      'the token may not updateProvider. The token of the authentik instance "default" lacks a permission.',
    );
    expect(rotation.log).toEqual([]);
  });

  it('should report the first failure when the previous secret cannot be restored, and log the second', async () => {
    const rotation = startRotation();
    const failure = new GatewayRolloutError('The gateway did not come up.');
    rotation.apply.mockImplementation(async () => {
      jest
        .spyOn(rotation.authentik, 'updateProvider')
        .mockRejectedValue(new AuthentikServerError('authentik fell over.'));
      throw failure;
    });

    await expect(rotation.rotate()).rejects.toBe(failure);

    expect(rotation.log.at(-1)).toBe(
      'Restoring the previous client secret in authentik failed: authentik fell over. Run hoop:gateway:configure: it gives the gateway the secret that authentik has.',
    );
    expectNoSecretIn(rotation, failure);
  });
});
