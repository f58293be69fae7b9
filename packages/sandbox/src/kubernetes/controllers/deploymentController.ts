import { ObjectRemover } from '../objectRemover';
import { ObjectWriter } from '../objectWriter';
import { deployments, pods, replicaSets } from '../resources';
import { ScriptedFailures } from '../scriptedFailures';
import { matchesLabelSelector } from '../selectors';
import { ObjectStore, StoreChange } from '../store';
import { kubernetesTime } from '../time';
import { Deployment, Pod, ReplicaSet } from '../types';
import { clone, deepEqual } from '../values';
import { computeDeploymentStatus, rollingLimits } from './deploymentStatus';
import { EventRecorder } from './eventRecorder';
import {
  hasEnded,
  hasTemplateOf,
  isOwnedBy,
  newReplicaSet,
  ownerReference,
  revisionAnnotation,
  revisionOf,
} from './replicaSets';
import { WorkQueue } from './workQueue';

const manager = 'kube-controller-manager';

/** What the controllers and the kubelet share. @internal */
export interface ControlPlane {
  store: ObjectStore;
  writer: ObjectWriter;
  remover: ObjectRemover;
  events: EventRecorder;
  failures: ScriptedFailures;
  /** The time a change takes from the patch to a running container. */
  rolloutDelayMs: number;
  /** The first pause before a crashed container starts again. */
  backOffMs: number;
  /** Containers do not start while this is true. */
  holdsContainers: () => boolean;
}

function available(set: ReplicaSet): number {
  return set.status?.availableReplicas ?? 0;
}

/** How many pods of the new template there may be. */
function roomForNew(
  deployment: Deployment,
  old: ReplicaSet[],
  current: number,
): number {
  const { replicas } = deployment.spec;
  const { maxSurge } = rollingLimits(deployment);
  const oldTotal = old.reduce((total, set) => total + set.spec.replicas, 0);
  const room = replicas + maxSurge - oldTotal - current;
  return current > replicas
    ? replicas
    : Math.min(replicas, current + Math.max(0, room));
}

/**
 * Turns Deployments into ReplicaSets, one step per look, always a little behind the writes it reacts to.
 * @internal
 */
export class DeploymentController {
  private readonly queue: WorkQueue;
  private readonly unsubscribe: () => void;
  private readonly lastProgress = new Map<string, number>();

  constructor(private readonly plane: ControlPlane) {
    this.queue = new WorkQueue(key => this.reconcile(key));
    this.unsubscribe = plane.store.subscribe(change => this.notice(change));
  }

  close(): void {
    this.unsubscribe();
    this.queue.close();
  }

  private notice({ resource, object }: StoreChange): void {
    const lag = this.plane.rolloutDelayMs * 0.1;
    const { namespace, name } = object.metadata;
    if (resource === deployments) {
      this.queue.add(`${namespace}/${name}`, lag);
    } else if (resource === replicaSets) {
      for (const owner of object.metadata.ownerReferences ?? []) {
        this.queue.add(`${namespace}/${owner.name}`, lag / 2);
      }
    } else if (resource === pods) {
      // A Recreate rollout waits for the last old pod, which no ReplicaSet counts any more.
      for (const { name: setName } of object.metadata.ownerReferences ?? []) {
        const set = this.plane.store.get(replicaSets, namespace, setName);
        for (const owner of set?.metadata.ownerReferences ?? []) {
          this.queue.add(`${namespace}/${owner.name}`, lag / 2);
        }
      }
    }
  }

  private reconcile(key: string): void {
    const [namespace, name] = key.split('/');
    const { store } = this.plane;
    const deployment = store.get<Deployment>(deployments, namespace, name);
    if (!deployment || deployment.metadata.deletionTimestamp) {
      return;
    }
    this.adoptOrphans(deployment);
    const owned = store.list<ReplicaSet>(replicaSets, namespace, set =>
      isOwnedBy(set, deployment),
    );
    const current = owned.find(set => hasTemplateOf(set, deployment));
    const old = owned.filter(set => set !== current);
    let started = false;
    if (!deployment.spec.paused) {
      started = this.roll(deployment, current, old);
    } else if (current) {
      this.scale(current, deployment.spec.replicas);
    }
    this.updateStatus(namespace, name, started);
  }

  /** ReplicaSets a former Deployment left behind belong to the next one with the same selector. */
  private adoptOrphans(deployment: Deployment): void {
    const { namespace } = deployment.metadata;
    const orphans = this.plane.store.list<ReplicaSet>(
      replicaSets,
      namespace,
      ({ metadata: { labels = {}, ownerReferences = [] } }) =>
        !ownerReferences.some(owner => owner.controller) &&
        matchesLabelSelector(deployment.spec.selector, labels),
    );
    for (const { metadata } of orphans) {
      const { name, ownerReferences = [] } = metadata;
      this.plane.writer.patch(
        replicaSets,
        namespace,
        name,
        'merge',
        {
          metadata: {
            ownerReferences: [...ownerReferences, ownerReference(deployment)],
          },
        },
        { manager },
      );
    }
  }

  /** One step of the rollout; tells when the template got its ReplicaSet. */
  private roll(
    deployment: Deployment,
    current: ReplicaSet | undefined,
    old: ReplicaSet[],
  ): boolean {
    const isRecreate = deployment.spec.strategy?.type === 'Recreate';
    if (isRecreate) {
      old.forEach(set => this.scale(set, 0));
      if (this.hasPodsOf(old)) {
        return false;
      }
    }
    const newest = Math.max(0, ...old.map(revisionOf));
    const started = this.ensureCurrent(
      deployment,
      current,
      newest,
      isRecreate ? deployment.spec.replicas : roomForNew(deployment, old, 0),
    );
    const set = this.currentReplicaSet(deployment);
    if (set && isRecreate) {
      this.scale(set, deployment.spec.replicas);
    } else if (set) {
      this.rollGradually(deployment, set, old);
    }
    this.forgetOldRevisions(deployment, old);
    return started;
  }

  private currentReplicaSet(deployment: Deployment): ReplicaSet | undefined {
    const [set] = this.plane.store.list<ReplicaSet>(
      replicaSets,
      deployment.metadata.namespace,
      one => isOwnedBy(one, deployment) && hasTemplateOf(one, deployment),
    );
    return set;
  }

  private ensureCurrent(
    deployment: Deployment,
    current: ReplicaSet | undefined,
    newestOldRevision: number,
    replicas: number,
  ): boolean {
    const { store, writer, failures, events } = this.plane;
    const { namespace, name } = deployment.metadata;
    let revision = current ? revisionOf(current) : newestOldRevision + 1;
    let started = false;
    if (!current) {
      const created = writer.create(
        replicaSets,
        namespace,
        newReplicaSet(deployment, revision, replicas),
        { manager },
      );
      failures.strike(created.metadata.uid ?? '');
      events.record(
        deployment,
        'Normal',
        'ScalingReplicaSet',
        `Scaled up replica set ${created.metadata.name} to ${deployment.spec.replicas}`,
        'deployment-controller',
      );
      started = true;
    } else if (revision <= newestOldRevision) {
      // Going back to an earlier template makes it the newest revision again.
      revision = newestOldRevision + 1;
      this.annotate(current, revision);
    }
    const live = store.get<Deployment>(deployments, namespace, name);
    if (live && revisionOf(live) !== revision) {
      writer.setStatus(deployments, namespace, name, live.status, manager, {
        [revisionAnnotation]: String(revision),
      });
    }
    return started;
  }

  private annotate(set: ReplicaSet, revision: number): void {
    const { namespace, name } = set.metadata;
    this.plane.writer.patch(
      replicaSets,
      namespace,
      name,
      'merge',
      { metadata: { annotations: { [revisionAnnotation]: String(revision) } } },
      { manager },
    );
  }

  private rollGradually(
    deployment: Deployment,
    current: ReplicaSet,
    old: ReplicaSet[],
  ): void {
    const { replicas } = deployment.spec;
    const { maxUnavailable } = rollingLimits(deployment);
    const oldTotal = old.reduce((total, set) => total + set.spec.replicas, 0);
    const wanted = roomForNew(deployment, old, current.spec.replicas);
    if (this.scale(current, wanted)) {
      // One step per look: the old ones are looked at when this one shows.
      return;
    }
    const needed = replicas - maxUnavailable;
    const newUnavailable = wanted - available(current);
    // Pods of old revisions that never became available go first, they serve nobody.
    let spare = oldTotal + wanted - needed - newUnavailable;
    if (spare <= 0) {
      return;
    }
    let surplus = [current, ...old].reduce(
      (total, set) => total + available(set),
      -needed,
    );
    const byAvailability = [...old].sort(
      (left, right) => available(left) - available(right),
    );
    for (const set of byAvailability) {
      const useless = Math.min(
        Math.max(0, set.spec.replicas - available(set)),
        spare,
      );
      spare -= useless;
      const healthy = Math.min(
        set.spec.replicas - useless,
        Math.max(0, surplus),
      );
      surplus -= healthy;
      this.scale(set, set.spec.replicas - useless - healthy);
    }
  }

  private scale(set: ReplicaSet, replicas: number): boolean {
    const { namespace, name } = set.metadata;
    const live = this.plane.store.get<ReplicaSet>(replicaSets, namespace, name);
    if (live && live.spec.replicas !== replicas) {
      this.plane.writer.patch(
        replicaSets,
        namespace,
        name,
        'merge',
        { spec: { replicas } },
        { manager },
      );
      return true;
    }
    return false;
  }

  private hasPodsOf(sets: ReplicaSet[]): boolean {
    return sets.some(
      set =>
        // One that has ended as a whole, such as by eviction, stays and holds nothing up.
        this.plane.store.list<Pod>(
          pods,
          set.metadata.namespace,
          pod => isOwnedBy(pod, set) && !hasEnded(pod),
        ).length > 0,
    );
  }

  private forgetOldRevisions(deployment: Deployment, old: ReplicaSet[]): void {
    const limit = deployment.spec.revisionHistoryLimit ?? 10;
    const idle = old
      .filter(set => set.spec.replicas === 0 && !set.status?.replicas)
      .sort((left, right) => revisionOf(left) - revisionOf(right));
    for (const set of idle.slice(0, Math.max(0, idle.length - limit))) {
      const { namespace, name } = set.metadata;
      this.plane.remover.delete(replicaSets, namespace, name, {});
    }
  }

  private updateStatus(
    namespace: string,
    name: string,
    started: boolean,
  ): void {
    const { store, writer } = this.plane;
    const deployment = store.get<Deployment>(deployments, namespace, name);
    if (!deployment) {
      return;
    }
    const uid = deployment.metadata.uid ?? '';
    const since = this.lastProgress.get(uid) ?? Date.now();
    const allReplicaSets = store.list<ReplicaSet>(replicaSets, namespace, set =>
      isOwnedBy(set, deployment),
    );
    const { status, moved } = computeDeploymentStatus(deployment, {
      newReplicaSet: allReplicaSets.find(set => hasTemplateOf(set, deployment)),
      allReplicaSets,
      started,
      sinceProgressMs: Date.now() - since,
      now: kubernetesTime(),
    });
    const isNewGeneration =
      deployment.status?.observedGeneration !== deployment.metadata.generation;
    if (moved || isNewGeneration || deployment.spec.paused) {
      this.lastProgress.set(uid, Date.now());
    } else {
      this.lastProgress.set(uid, since);
    }
    if (!deepEqual(status, deployment.status)) {
      writer.setStatus(deployments, namespace, name, clone(status), manager);
    }
    const isWaiting = status.conditions?.some(
      condition =>
        condition.type === 'Progressing' &&
        condition.status === 'True' &&
        condition.reason !== 'NewReplicaSetAvailable',
    );
    if (isWaiting) {
      const deadline = (deployment.spec.progressDeadlineSeconds ?? 600) * 1000;
      const left = (this.lastProgress.get(uid) ?? 0) + deadline - Date.now();
      this.queue.add(`${namespace}/${name}`, Math.max(left, 0) + 5);
    }
  }
}
