import { failureOf, withFailure } from '../core';
import { KubernetesForbiddenError } from '../systems/kubernetes';
import type { EffectiveSetting, TargetState } from '../targets/types';
import type { Observation, ObservedIntegration } from './types';

/**
 * The same observation without what only those who manage the gateway learn: names of clusters, namespaces and objects,
 * paths of files, and what errors say; pure. Checks that are made of it cannot show any of that, whoever adds them.
 *
 * @alpha
 */
export function forReaders(observed: ObservedIntegration): ObservedIntegration {
  const { target, targetCapabilities, authentik, gateway } = observed;
  const { version, ...facts } = authentik;
  return {
    ...observed,
    target: target.ok
      ? {
          ok: true,
          value: {
            ...target.value,
            state: targetCapabilities.showsEnvironment
              ? nameless(target.value.state)
              : target.value.state,
          },
        }
      : silent(target),
    authentik: { version, ...silentAll(facts) },
    gateway: silentAll(gateway),
  };
}

const SOMEWHERE = 'an object in the cluster';

function nameless(state: TargetState): TargetState {
  const { rollout, settings, apiUrl, adminGroup } = state;
  return {
    ...state,
    settings: Object.fromEntries(
      Object.entries(settings).map(([key, { object, shadowedBy, ...rest }]) => [
        key,
        {
          ...namelessSource(rest),
          object: object && SOMEWHERE,
          shadowedBy: shadowedBy && SOMEWHERE,
        },
      ]),
    ) as TargetState['settings'],
    overrides: state.overrides.map(one => ({ ...one, source: SOMEWHERE })),
    rollout: {
      done: rollout.done,
      line: rollout.done
        ? 'the rollout is complete'
        : 'the rollout is not complete',
      problems: rollout.problems.map(() => 'a container does not run'),
    },
    ...(state.settingsInUseUndetermined && {
      settingsInUseUndetermined: 'the times in the cluster do not show it',
    }),
    ...(apiUrl && { apiUrl: namelessSource(apiUrl) }),
    ...(adminGroup && { adminGroup: namelessSource(adminGroup) }),
  };
}

function namelessSource({
  value,
  source,
}: Pick<EffectiveSetting, 'value' | 'source'>) {
  return { value, source: source && SOMEWHERE };
}

function silentAll<Facts extends object>(facts: Facts): Facts {
  return Object.fromEntries(
    Object.entries(facts).map(([fact, observation]) => [
      fact,
      observation && silent(observation),
    ]),
  ) as Facts;
}

function silent<T>(observation: Observation<T>): Observation<T> {
  return observation.ok
    ? observation
    : { ok: false, error: withoutWords(observation.error) };
}

/** What happened, by its kind alone. */
function withoutWords(error: Error): Error {
  if (KubernetesForbiddenError.is(error)) {
    return withFailure(new Error(''), { kind: 'permission-missing' });
  }
  const { name } = error;
  const failure = failureOf(error);
  // Of the same class, which says why, with what that class knows; neither message, stack nor cause.
  const { message: _, stack: __, cause: ___, ...known } = error;
  const same: Error = Object.assign(
    Object.create(Object.getPrototypeOf(error)),
    known,
  );
  Object.defineProperties(same, {
    name: { value: name },
    message: { value: '' },
  });
  return failure ? withFailure(same, failure) : same;
}
