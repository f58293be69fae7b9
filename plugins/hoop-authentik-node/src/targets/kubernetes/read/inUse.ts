import { z } from 'zod';
import { GATEWAY_VARIABLES } from '../../../systems/hoop';
import {
  isKept,
  rolloutStatus,
  type Deployment,
  type KubernetesObject,
} from '../../../systems/kubernetes';
import { readsAll, type Layout } from './layout';
import {
  composeEnvironment,
  dataOf,
  foundIn,
  type ObjectRef,
  type Snapshot,
} from './objects';
import { RESTARTED_AT, templatePartOf } from './switchRecord';

/** What is longer was written by another process. */
const LONGEST_VERSIONS = 32 * 1024;

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
  const started = snapshot.pods.filter(isKept).flatMap(pod => {
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
    (versionsRead(snapshot, layout) === 'present' ||
      startedNotBefore(deployment) >= lastChange(snapshot, layout))
  );
}

/**
 * Why it cannot be determined whether the gateway runs with its settings as stored: the objects are not those that its
 * containers were started with, and their times show no change since. Keys that were removed by hand leave no time; pure.
 *
 * @internal
 */
export function whyUndetermined(
  snapshot: Omit<Snapshot, 'pods'>,
  layout: Layout,
): string | undefined {
  const { deployment } = snapshot;
  return versionsRead(snapshot, layout) === 'earlier' &&
    startedNotBefore(deployment) >= lastChange(snapshot, layout)
    ? 'the objects with the settings have changed since the gateway was restarted, and Kubernetes does not show when'
    : undefined;
}

/** The versions of objects that containers read from now on, for the pod template. @internal */
export function versionsText(
  objects: Array<KubernetesObject | undefined>,
  restartedAt: string,
): string {
  return JSON.stringify({
    restartedAt,
    objects: Object.fromEntries(
      objects.flatMap(one => (one ? [[keyOf(one), versionOf(one)]] : [])),
    ),
  });
}

const recordedVersions = z.object({
  restartedAt: z.string(),
  objects: z.record(z.string(), z.string()),
});

/**
 * Which versions of the objects with settings the newest pods were started with: those that are stored, or earlier ones.
 * A restart by another process leaves what we recorded behind; `undefined` then.
 */
function versionsRead(
  snapshot: Omit<Snapshot, 'pods'>,
  layout: Layout,
): 'present' | 'earlier' | undefined {
  const { restartedAt, versionsRead: text } = templatePartOf(
    snapshot.deployment,
    snapshot.container.name,
  );
  const objects = settingSources(snapshot, layout).flatMap(
    ref => foundIn(snapshot, ref) ?? [],
  );
  if (!text || text.length > LONGEST_VERSIONS || objects.length === 0) {
    return undefined;
  }
  let recorded: z.infer<typeof recordedVersions> | undefined;
  try {
    recorded = recordedVersions.safeParse(JSON.parse(text)).data;
  } catch {
    // Another process has written it.
  }
  if (!recorded || recorded.restartedAt !== restartedAt) {
    return undefined;
  }
  return objects.every(
    object => recorded?.objects[keyOf(object)] === versionOf(object),
  )
    ? 'present'
    : 'earlier';
}

function keyOf({ kind, metadata }: KubernetesObject): string {
  return `${kind} ${metadata.name}`;
}

function versionOf({ metadata }: KubernetesObject): string {
  return `${metadata.uid ?? ''} ${metadata.resourceVersion ?? ''}`;
}

/**
 * When the objects that carry or currently set the settings last changed, such as an object of the Helm chart. A change of
 * the container's other objects does not make the settings any older.
 */
function lastChange(snapshot: Omit<Snapshot, 'pods'>, layout: Layout): number {
  return Math.max(
    0,
    ...settingSources(snapshot, layout).map(ref =>
      changedAt(foundIn(snapshot, ref)),
    ),
  );
}

function settingSources(
  snapshot: Omit<Snapshot, 'pods'>,
  { objects }: Layout,
): ObjectRef[] {
  const { entries } = composeEnvironment(
    snapshot.container,
    dataOf(snapshot),
  ).environment;
  const sources = GATEWAY_VARIABLES.flatMap(
    key => entries.get(key)?.source.object ?? [],
  );
  return [
    ...objects.filter(own => readsAll(snapshot.container, own)),
    ...sources,
  ];
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
