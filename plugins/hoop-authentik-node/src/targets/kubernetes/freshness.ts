import { rolloutStatus, type KubernetesObject } from '../../kubernetes';
import { foundIn, readsAll, type Layout } from './layout';
import type { Snapshot } from './snapshot';

/** What `kubectl rollout restart` sets on the pod template. @internal */
export const RESTARTED_AT = 'kubectl.kubernetes.io/restartedAt';

/**
 * Whether every running container of the gateway started after the settings it refers to last changed; `undefined` where
 * nothing runs. Times in Kubernetes objects have no fraction of a second, so the same second counts as after; pure.
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
 * Whether the Deployment shows it without its pods: the rollout is complete, and it was restarted after the last change, so
 * that every container that runs started even later, or it reads none of our objects; pure.
 *
 * @internal
 */
export function startedSinceLastChange(
  snapshot: Omit<Snapshot, 'pods'>,
  layout: Layout,
): boolean {
  const { deployment } = snapshot;
  const restartedAt =
    deployment.spec.template.metadata?.annotations?.[RESTARTED_AT];
  const changed = lastChange(snapshot, layout);
  return (
    deployment.spec.replicas !== 0 &&
    rolloutStatus(deployment).done &&
    (changed === 0 ||
      (restartedAt !== undefined && Date.parse(restartedAt) >= changed))
  );
}

function lastChange(
  snapshot: Omit<Snapshot, 'pods'>,
  { objects }: Layout,
): number {
  return Math.max(
    0,
    ...objects
      .filter(own => readsAll(snapshot.container, own))
      .map(ref => changedAt(foundIn(snapshot, ref))),
  );
}

function changedAt(object: KubernetesObject | undefined): number {
  const times = (object?.metadata.managedFields ?? [])
    .filter(({ subresource }) => !subresource)
    .flatMap(({ time }) => (time ? [Date.parse(time)] : []));
  const created = object?.metadata.creationTimestamp;
  return Math.max(0, ...times, created ? Date.parse(created) : 0);
}
