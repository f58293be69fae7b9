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
import { composeEnvironment, dataOf } from './composition';
import { layoutOf, type Layout } from './layout';
import { settingsInUse } from './freshness';
import type { Snapshot } from './snapshot';

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
      problems: podProblems(
        snapshot.pods.filter(pod => !pod.metadata.deletionTimestamp),
        snapshot.container.name,
      )
        // A container that crashed once and has run since is no problem now.
        .filter(({ reason }) => reason !== 'Restarted')
        .map(describePodProblem),
    },
    settingsInUse: settingsInUse(snapshot, layout),
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
 * Variables that keep the settings from counting. A non-empty `IDP_URI` makes the gateway ignore the separate ones.
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
            'Remove IDP_URI there: the gateway ignores the separate IDP_ settings while it is set.',
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
