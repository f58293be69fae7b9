import { SETTING_KEYS } from 'backstage-plugin-hoop-authentik-common';
import type { KubernetesTargetConfig } from '../../../config/types';
import {
  describePodProblem,
  describeProvenance,
  podProblems,
  rolloutStatus,
  type EffectiveEnvironment,
  type Provenance,
} from '../../../systems/kubernetes';
import type { EffectiveSetting, TargetState } from '../../types';
import { settingsInUse, whyUndetermined } from './inUse';
import { layoutOf, type Layout } from './layout';
import { composeEnvironment, dataOf, type Snapshot } from './objects';
import { unverifiedIn } from './unverified';

/**
 * What a snapshot says of the gateway; pure.
 *
 * @internal
 */
export function describeState(
  snapshot: Snapshot,
  config: KubernetesTargetConfig,
): TargetState {
  const { environment, outcome } = composeEnvironment(
    snapshot.container,
    dataOf(snapshot),
  );
  const status = rolloutStatus(snapshot.deployment);
  const layout = layoutOf(snapshot, config);
  return {
    settings: Object.fromEntries(
      SETTING_KEYS.map(key => [
        key,
        effectiveSetting(key, environment, layout),
      ]),
    ) as TargetState['settings'],
    outcome: 'fails' in outcome ? outcome : { method: outcome.method },
    overrides: overridesIn(environment),
    rollout: {
      done: status.done,
      line: status.failed ? `${status.line}; ${status.failed}` : status.line,
      problems: podProblems(snapshot.pods, snapshot.container.name)
        // A container that crashed once and has been running since is not a problem.
        .filter(({ reason }) => reason !== 'Restarted')
        .map(describePodProblem),
    },
    settingsInUse: settingsInUse(snapshot, layout),
    settingsInUseUndetermined: whyUndetermined(snapshot, layout),
    unverifiedSwitch: unverifiedIn(snapshot)?.shown,
    image: snapshot.container.image,
    apiUrl: variableIn(environment, 'API_URL'),
    adminGroup: variableIn(environment, 'ADMIN_USERNAME'),
  };
}

/** A variable that is not ours, as the gateway would read it. */
function variableIn({ entries }: EffectiveEnvironment, name: string) {
  const entry = entries.get(name);
  return {
    value: entry?.value,
    source: entry && describeProvenance(entry.source),
  };
}

function effectiveSetting(
  key: string,
  environment: EffectiveEnvironment,
  { objects }: Layout,
): EffectiveSetting {
  const entry = environment.entries.get(key);
  const source = entry && describeProvenance(entry.source);
  const isOurs = ({ object }: Provenance) =>
    objects.some(own => own.kind === object?.kind && own.name === object.name);
  return {
    value: entry?.value,
    object:
      entry &&
      (entry.source.object
        ? `${entry.source.object.kind} "${entry.source.object.name}"`
        : 'the container itself'),
    source,
    shadowedBy:
      entry && !isOurs(entry.source) && entry.shadows.some(isOurs)
        ? source
        : undefined,
  };
}

/**
 * Variables that override the settings. A non-empty `IDP_URI` makes the gateway ignore the separate ones.
 *
 * @internal
 */
export function overridesIn(
  environment: EffectiveEnvironment,
): TargetState['overrides'] {
  const uri = environment.entries.get('IDP_URI');
  return uri && uri.value !== '' && !isEmptySecret(uri.value)
    ? [
        {
          key: 'IDP_URI',
          source: describeProvenance(uri.source),
          remedy:
            'Remove IDP_URI there: while it is set, the gateway ignores the separate IDP_ settings.',
        },
      ]
    : [];
}

function isEmptySecret(value: unknown): boolean {
  return (
    typeof value === 'object' &&
    value !== null &&
    'isEmpty' in value &&
    value.isEmpty === true
  );
}
