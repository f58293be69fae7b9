import { randomBytes } from 'node:crypto';
import { pods, replicaSets } from '../resources';
import { forbidden, StatusError } from '../status';
import { StoreChange } from '../store';
import { kubernetesTime } from '../time';
import { Condition, Pod, ReplicaSet } from '../types';
import { clone, deepEqual } from '../values';
import { ControlPlane } from './deploymentController';
import { setCondition } from './deploymentStatus';
import { hasEnded, isOwnedBy, ownerReference } from './replicaSets';
import { WorkQueue } from './workQueue';

const manager = 'kube-controller-manager';
const component = 'replicaset-controller';

function isActive(pod: Pod): boolean {
  return !pod.metadata.deletionTimestamp && !hasEnded(pod);
}

/** The first failure stays until it passes, though each try names another pod. */
function conditionsAfter(
  { status }: ReplicaSet,
  failure: StatusError | undefined,
): Condition[] {
  const before = status?.conditions ?? [];
  const others = before.filter(({ type }) => type !== 'ReplicaFailure');
  if (!failure) {
    return others;
  }
  return others.length < before.length
    ? before
    : setCondition(
        before,
        {
          type: 'ReplicaFailure',
          status: 'True',
          reason: 'FailedCreate',
          message: failure.message,
        },
        kubernetesTime(),
        // Unlike those of Deployments, they carry no update time.
      ).map(({ lastUpdateTime: _, ...condition }) => condition);
}

/** @internal */
export function isPodReady(pod: Pod): boolean {
  return (
    pod.status?.conditions?.some(
      condition => condition.type === 'Ready' && condition.status === 'True',
    ) ?? false
  );
}

/** Keeps the number of pods of every ReplicaSet right and counts them. @internal */
export class ReplicaSetController {
  private readonly queue: WorkQueue;
  private readonly unsubscribe: () => void;

  constructor(private readonly plane: ControlPlane) {
    this.queue = new WorkQueue(key => this.reconcile(key));
    this.unsubscribe = plane.store.subscribe(change => this.notice(change));
  }

  close(): void {
    this.unsubscribe();
    this.queue.close();
  }

  private notice({ resource, object }: StoreChange): void {
    const lag = this.plane.rolloutDelayMs * 0.05;
    const { namespace, name } = object.metadata;
    if (resource === replicaSets) {
      this.queue.add(`${namespace}/${name}`, lag);
    } else if (resource === pods) {
      for (const owner of object.metadata.ownerReferences ?? []) {
        this.queue.add(`${namespace}/${owner.name}`, lag);
      }
    }
  }

  private reconcile(key: string): void {
    const [namespace, name] = key.split('/');
    const { store } = this.plane;
    const set = store.get<ReplicaSet>(replicaSets, namespace, name);
    if (!set || set.metadata.deletionTimestamp) {
      return;
    }
    const active = this.activePods(set);
    const missing = set.spec.replicas - active.length;
    let failure: StatusError | undefined;
    for (let count = 0; count < missing && !failure; count += 1) {
      failure = this.createPod(set);
    }
    for (const pod of active.slice(0, Math.max(0, -missing))) {
      this.plane.remover.delete(pods, namespace, pod.metadata.name, {});
      this.plane.events.record(
        set,
        'Normal',
        'SuccessfulDelete',
        `Deleted pod: ${pod.metadata.name}`,
        component,
      );
    }
    this.updateStatus(set, failure);
    if (failure) {
      this.queue.add(key, this.plane.rolloutDelayMs);
    }
  }

  private ownPods(set: ReplicaSet): Pod[] {
    return this.plane.store.list<Pod>(pods, set.metadata.namespace, pod =>
      isOwnedBy(pod, set),
    );
  }

  private activePods(set: ReplicaSet): Pod[] {
    return this.ownPods(set).filter(isActive);
  }

  private createPod(set: ReplicaSet): StatusError | undefined {
    const { writer, events, failures } = this.plane;
    const { namespace, name, uid } = set.metadata;
    const podName = `${name}-${randomBytes(4).toString('hex').slice(0, 5)}`;
    try {
      if (failures.failureOf(uid) === 'quota') {
        throw forbidden(
          pods,
          podName,
          'exceeded quota: sandbox, requested: pods=1, used: pods=1, limited: pods=1',
        );
      }
      writer.create(
        pods,
        namespace,
        {
          apiVersion: 'v1',
          kind: 'Pod',
          metadata: {
            ...clone(set.spec.template.metadata),
            name: podName,
            generateName: `${name}-`,
            ownerReferences: [ownerReference(set)],
          },
          spec: clone(set.spec.template.spec),
        },
        { manager },
      );
      events.record(
        set,
        'Normal',
        'SuccessfulCreate',
        `Created pod: ${podName}`,
        component,
      );
      return undefined;
    } catch (error) {
      if (!(error instanceof StatusError)) {
        throw error;
      }
      events.record(
        set,
        'Warning',
        'FailedCreate',
        `Error creating: ${error.message}`,
        component,
      );
      return error;
    }
  }

  private updateStatus(set: ReplicaSet, failure?: StatusError): void {
    const { store, writer } = this.plane;
    const { namespace, name } = set.metadata;
    const live = store.get<ReplicaSet>(replicaSets, namespace, name);
    if (!live) {
      return;
    }
    const active = this.activePods(live);
    const ready = active.filter(isPodReady).length;
    const conditions = conditionsAfter(live, failure);
    const status = {
      replicas: active.length,
      ...(active.length > 0 ? { fullyLabeledReplicas: active.length } : {}),
      ...(ready > 0 ? { readyReplicas: ready, availableReplicas: ready } : {}),
      terminatingReplicas: this.ownPods(live).filter(
        pod => pod.metadata.deletionTimestamp,
      ).length,
      observedGeneration: live.metadata.generation,
      ...(conditions.length > 0 ? { conditions } : {}),
    };
    if (!deepEqual(status, live.status)) {
      writer.setStatus(replicaSets, namespace, name, status, manager);
    }
  }
}
