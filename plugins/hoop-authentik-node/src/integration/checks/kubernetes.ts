import {
  SECRET_SETTING_KEY,
  SETTING_KEYS,
  type SettingKey,
} from 'backstage-plugin-hoop-authentik-common';
import { asFound, secretFormOf } from '../../core';
import type { AuthentikProvider } from '../../systems/authentik/types';
import type { EffectiveSetting } from '../../targets/types';
import { isGatewayDown } from '../causes';
import { desiredSettings } from '../desired';
import {
  pass,
  skipped,
  withProvider,
  withTarget,
  type CheckDefinition,
  type CheckInput,
  type Finding,
} from './check';
import { settingDifferences } from './settingValues';
import { unverified, wayBackFrom } from './unverifiedSwitch';

/** @internal */
export const targetReachable: CheckDefinition = {
  id: 'kubernetes.reachable',
  system: 'kubernetes',
  title: 'Gateway deployment can be read',
  why: 'The settings of the gateway cannot be seen while its cluster does not answer.',
  remedy:
    'Follow the problem that names the cause: make the cluster reachable for this backend, or grant its account the documented rights.',
  preflight: true,
  run: input => withTarget(input, ({ state }) => pass(state.rollout.line)),
};

/** @internal */
export const settings: CheckDefinition = {
  id: 'kubernetes.settings',
  system: 'kubernetes',
  title: 'The five settings match the application',
  why: 'The gateway needs all five settings, exactly as the application has them; an incomplete set keeps it from starting.',
  remedy:
    'Run the software template again: it writes the settings that differ. Where the Secret holds a reference, store the client secret of authentik where it leads.',
  preflight: false,
  run: input =>
    withTarget(input, ({ state }) =>
      withProvider(input, provider => {
        const wanted = desiredSettings(input.desired, provider);
        const found = Object.fromEntries(
          SETTING_KEYS.map(key => [key, state.settings[key].value]),
        ) as Record<SettingKey, EffectiveSetting['value']>;
        const isReference =
          secretFormOf(found[SECRET_SETTING_KEY], provider.clientSecret) ===
          'reference';
        const differences = settingDifferences(
          isReference
            ? { ...found, IDP_CLIENT_SECRET: provider.clientSecret }
            : found,
          asFound(wanted, key => found[key]),
        );
        if (isReference) {
          return findBesideReference(differences, input, provider);
        }
        return differences
          ? {
              status: 'fail',
              ...differences,
              remedy:
                'Run the software template: it writes these settings and restarts the gateway.',
              fix: { action: 'repair' },
            }
          : pass(
              `set by ${[
                ...new Set(
                  SETTING_KEYS.map(key => state.settings[key].object ?? ''),
                ),
              ].join(' and ')}`,
            );
      }),
    ),
};

/** What it leads to is known only to the tool that resolves it, inside the container. */
function findBesideReference(
  differences: ReturnType<typeof settingDifferences>,
  { observed: { gateway } }: CheckInput,
  { clientSecret }: AuthentikProvider,
): Finding {
  if (differences) {
    return {
      status: 'fail',
      ...differences,
      remedy: `Change these settings where they are kept, then restart the gateway: the software template leaves a reference alone, and ${SECRET_SETTING_KEY} looks like one.`,
    };
  }
  const shown = gateway.authConfig?.ok
    ? gateway.authConfig.value.oidc?.clientSecret
    : undefined;
  if (shown && clientSecret?.equals(shown)) {
    return pass(
      'the reference leads to the secret in authentik, as the gateway shows',
    );
  }
  return {
    status: 'warn',
    expected: `${SECRET_SETTING_KEY}=the secret in authentik`,
    actual: `${SECRET_SETTING_KEY}=what looks like a reference that another tool resolves, so whether it leads to the secret in authentik cannot be determined`,
    remedy:
      'Compare the client secret of authentik with what is stored where the reference leads. If no tool resolves it, the gateway takes the reference itself for the secret: replace it.',
    params: { case: 'reference' },
  };
}

/** @internal */
export const shadowing: CheckDefinition = {
  id: 'kubernetes.shadowing',
  system: 'kubernetes',
  title: 'Nothing overrides the settings',
  why: 'A setting that another source overrides has no effect, however right it is.',
  remedy: 'Remove the setting from the source that the finding names.',
  preflight: true,
  run: input =>
    withTarget(input, ({ state }) => {
      const shadowed = SETTING_KEYS.flatMap(key => {
        const winner = state.settings[key].shadowedBy;
        return winner ? [`${key} is set by ${winner}`] : [];
      });
      const overridden = state.overrides.map(
        ({ key, source }) => `${key} is set by ${source}`,
      );
      const actual = [...shadowed, ...overridden].join('; ');
      return actual === ''
        ? pass()
        : {
            status: 'fail',
            expected: 'no other source sets what our objects set',
            actual,
            remedy: [
              ...state.overrides.map(({ remedy }) => remedy),
              ...(shadowed.length > 0
                ? ['Remove these keys from the source that overrides them.']
                : []),
            ].join(' '),
            params: { found: actual },
          };
    }),
};

/** @internal */
export const rollout: CheckDefinition = {
  id: 'kubernetes.rollout',
  system: 'kubernetes',
  title: 'Rollout is complete and containers run',
  why: 'A gateway whose containers do not start signs no one in.',
  remedy:
    'Follow what the finding says of the container. When a switch fails, the previous settings are restored.',
  preflight: false,
  run: input =>
    withTarget(input, ({ state: { rollout: found, unverifiedSwitch } }) => {
      const actual = [found.line, ...found.problems].join('; ');
      if (found.done && found.problems.length === 0) {
        return unverifiedSwitch
          ? unverified(unverifiedSwitch, found.line)
          : pass(found.line);
      }
      return {
        status: 'fail',
        expected: 'every replica is updated and available',
        actual,
        remedy: found.done
          ? 'Read the log of the container; the message above is its last one.'
          : 'Wait for the rollout. If it does not progress, describe the Deployment and its newest pod.',
        params: {
          case: found.done ? 'crashing' : 'rolling',
          found: actual,
        },
        ...(isGatewayDown(input.observed)
          ? { cause: 'gateway.down' as const }
          : {}),
        ...wayBackFrom(unverifiedSwitch),
      };
    }),
};

/** @internal */
export const restarted: CheckDefinition = {
  id: 'kubernetes.restarted',
  system: 'kubernetes',
  title: 'Gateway runs with the settings as stored',
  why: 'A gateway reads its settings only when it starts.',
  remedy: 'Restart the gateway with the action hoop:gateway:restart.',
  preflight: false,
  run: input =>
    withTarget(input, ({ state }) => {
      const { settingsInUse, settingsInUseUndetermined } = state;
      if (settingsInUse === undefined) {
        return skipped('no container runs');
      }
      if (settingsInUse && settingsInUseUndetermined) {
        return {
          status: 'warn',
          expected: 'the gateway started after its settings last changed',
          actual: `it cannot be determined: ${settingsInUseUndetermined}`,
          remedy:
            'Restart the gateway, so that it runs with its settings as stored.',
          fix: { action: 'restart' },
        };
      }
      return settingsInUse
        ? pass()
        : {
            status: 'fail',
            expected: 'the gateway started after its settings last changed',
            actual: 'it started before',
            remedy:
              'Restart the gateway: a container keeps the environment it started with.',
            fix: { action: 'restart' },
          };
    }),
};

/** A version of three numbers or a commit: what was tagged so is not expected to move. */
const FIXED_TAG = /^(v?\d+\.\d+\.\d+(?:[-+_.].*)?|[0-9a-f]{7,40})$/i;

/** @internal */
export const image: CheckDefinition = {
  id: 'kubernetes.image',
  system: 'kubernetes',
  title: 'Gateway image is a fixed version',
  why: 'A restart pulls whatever a moving tag names at that time, so a change of settings can bring an upgrade along.',
  remedy: 'Name a fixed version, or a digest, in the Deployment.',
  preflight: false,
  run: input =>
    withTarget(input, ({ state: { image: found } }) => {
      if (!found) {
        return skipped('the target does not show the image');
      }
      const tag = tagOf(found);
      return tag === undefined || FIXED_TAG.test(tag)
        ? pass(found, { params: { image: found } })
        : {
            status: 'warn',
            expected: 'a tag of one version, such as 1.148.0, or a digest',
            actual: `${found}, whose tag "${tag}" moves`,
            remedy:
              'Name a version in the Deployment: with a moving tag, a restart can bring another version of the gateway, which may also change its database.',
            params: { image: found, tag },
          };
    }),
};

/** The tag that counts; `undefined` where a digest does. The registry's port is no tag. */
function tagOf(reference: string): string | undefined {
  return reference.includes('@')
    ? undefined
    : /:([^:/]+)$/.exec(reference)?.[1] ?? 'latest';
}
