import { SETTING_KEYS } from 'backstage-plugin-hoop-authentik-common';
import type { KubernetesTargetConfig } from '../../../config/types';
import { GATEWAY_VARIABLES } from '../../../systems/hoop';
import {
  describePodProblem,
  describeProvenance,
  podProblems,
  rolloutStatus,
  type Deployment,
  type EffectiveEnvironment,
  type KubernetesObject,
  type Provenance,
} from '../../../systems/kubernetes';
import type { EffectiveSetting, TargetState } from '../../types';
import { layoutOf, readsAll, type Layout } from './layout';
import { composeEnvironment, dataOf, foundIn, type Snapshot } from './objects';

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
        // A container that crashed once and has been running since is not a problem.
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

/** What `kubectl rollout restart` sets on the pod template. @internal */
export const RESTARTED_AT = 'kubectl.kubernetes.io/restartedAt';

/**
 * Whether every running container of the gateway started after the settings it refers to last changed; `undefined` where
 * nothing runs. Times in Kubernetes objects have no fraction of a second, so a start in the same second is later; pure.
 *
 * @internal
 */
export function settingsInUse(
  snapshot: Snapshot,
  layout: Layout,
): boolean | undefined {
  if (startedSinceLastChange(snapshot, layout)) {
    return true;
  }
  const started = snapshot.pods
    .filter(pod => !pod.metadata.deletionTimestamp)
    .flatMap(pod => {
      const status = pod.status?.containerStatuses?.find(
        ({ name }) => name === snapshot.container.name,
      );
      const at = status?.state?.running?.startedAt;
      return at ? [Date.parse(at)] : [];
    });
  return started.length === 0
    ? undefined
    : Math.min(...started) >= lastChange(snapshot, layout);
}

/**
 * Whether the Deployment alone shows this, without its pods: the rollout is complete, and the Deployment was restarted or
 * created after the last change, so that every running container started even later, or it reads no setting from an
 * object; pure.
 *
 * @internal
 */
export function startedSinceLastChange(
  snapshot: Omit<Snapshot, 'pods'>,
  layout: Layout,
): boolean {
  const { deployment } = snapshot;
  return (
    deployment.spec.replicas !== 0 &&
    rolloutStatus(deployment).done &&
    startedNotBefore(deployment) >= lastChange(snapshot, layout)
  );
}

/**
 * When the objects that carry or currently set the settings last changed, such as an object of the Helm chart. A change of
 * the container's other objects does not make the settings any older.
 */
function lastChange(
  snapshot: Omit<Snapshot, 'pods'>,
  { objects }: Layout,
): number {
  const { entries } = composeEnvironment(
    snapshot.container,
    dataOf(snapshot),
  ).environment;
  const sources = GATEWAY_VARIABLES.flatMap(
    key => entries.get(key)?.source.object ?? [],
  );
  return Math.max(
    0,
    ...[
      ...objects.filter(own => readsAll(snapshot.container, own)),
      ...sources,
    ].map(ref => changedAt(foundIn(snapshot, ref))),
  );
}

/**
 * A time that every container of the newest pods started after: the last restart, or else the creation of the Deployment. A
 * restart time from a clock ahead of the server's is limited by the server's time of that write.
 */
function startedNotBefore({ metadata, spec }: Deployment): number {
  const mark = spec.template.metadata?.annotations?.[RESTARTED_AT];
  const restarted = mark === undefined ? NaN : Date.parse(mark);
  const { creationTimestamp, managedFields } = metadata;
  return Math.max(
    creationTimestamp ? Date.parse(creationTimestamp) : 0,
    Number.isNaN(restarted)
      ? 0
      : Math.min(restarted, writtenAt(managedFields) || Infinity),
  );
}

function changedAt(object: KubernetesObject | undefined): number {
  const created = object?.metadata.creationTimestamp;
  return Math.max(
    writtenAt(object?.metadata.managedFields),
    created ? Date.parse(created) : 0,
  );
}

/** By the server's clock; 0 where it is unknown. */
function writtenAt(
  managedFields: KubernetesObject['metadata']['managedFields'] = [],
): number {
  return Math.max(
    0,
    ...managedFields
      .filter(({ subresource }) => !subresource)
      .flatMap(({ time }) => (time ? [Date.parse(time)] : [])),
  );
}
