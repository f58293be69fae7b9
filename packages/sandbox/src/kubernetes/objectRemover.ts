import { Admission } from './admission';
import { hasFinalizers } from './objectRules';
import {
  deployments,
  namespaces,
  pods,
  replicaSets,
  resourceTypes,
  ResourceType,
} from './resources';
import { notFound, preconditionFailed } from './status';
import { ObjectStore } from './store';
import { kubernetesTime } from './time';
import { KubeObject } from './types';
import { isRecord, recordAt } from './values';

/** What a client says about a deletion. @internal */
export interface DeleteOptions {
  dryRun?: boolean;
  propagationPolicy?: string;
  gracePeriodSeconds?: number;
  warn?: (text: string) => void;
  preconditions?: { uid?: string; resourceVersion?: string };
}

/** @internal */
export function parseDeleteOptions(body: unknown): DeleteOptions {
  const record = recordAt(body);
  const preconditions = recordAt(record, 'preconditions');
  return {
    dryRun: Array.isArray(record.dryRun) && record.dryRun.includes('All'),
    ...(typeof record.propagationPolicy === 'string'
      ? { propagationPolicy: record.propagationPolicy }
      : {}),
    ...(typeof record.gracePeriodSeconds === 'number'
      ? { gracePeriodSeconds: record.gracePeriodSeconds }
      : {}),
    preconditions: {
      ...(typeof preconditions.uid === 'string'
        ? { uid: preconditions.uid }
        : {}),
      ...(typeof preconditions.resourceVersion === 'string'
        ? { resourceVersion: preconditions.resourceVersion }
        : {}),
    },
  };
}

function graceOf(pod: KubeObject): number {
  const { terminationGracePeriodSeconds } = recordAt(pod, 'spec');
  return Number(terminationGracePeriodSeconds ?? 30);
}

/** Deletion: preconditions, finalizers, graceful end of pods, and dependents that go with their owner. @internal */
export class ObjectRemover {
  constructor(
    private readonly store: ObjectStore,
    private readonly admission: Admission,
    /** How long the controller takes that empties namespaces. */
    private readonly namespaceLagMs = 300,
  ) {}

  /** The object while it lingers, or undefined when it is gone at once. */
  delete(
    resource: ResourceType,
    namespace: string | undefined,
    name: string,
    options: DeleteOptions,
  ): { object: KubeObject; lingers: boolean } {
    const live = this.store.get(resource, namespace, name);
    if (!live) {
      throw notFound(resource, name);
    }
    this.requirePreconditions(resource, live, options);
    this.admission.review({
      operation: 'DELETE',
      resource,
      namespace,
      name,
      dryRun: options.dryRun ?? false,
      warn: options.warn,
    });
    if (resource === namespaces) {
      return { object: this.deleteNamespace(live, options), lingers: true };
    }
    const isScheduledPod =
      resource === pods && Boolean(recordAt(live, 'spec').nodeName);
    const lingers =
      hasFinalizers(live) ||
      (isScheduledPod && options.gracePeriodSeconds !== 0);
    if (options.dryRun) {
      return { object: live, lingers };
    }
    if (lingers) {
      const object = live.metadata.deletionTimestamp
        ? live
        : this.store.put(resource, {
            ...live,
            metadata: {
              ...live.metadata,
              deletionTimestamp: kubernetesTime(),
              ...(live.metadata.generation
                ? { generation: live.metadata.generation + 1 }
                : {}),
              deletionGracePeriodSeconds: isScheduledPod
                ? options.gracePeriodSeconds ?? graceOf(live)
                : 0,
            },
          });
      return { object, lingers };
    }
    this.store.remove(resource, namespace, name);
    this.releaseDependents(live, options.propagationPolicy === 'Orphan');
    return { object: live, lingers };
  }

  private requirePreconditions(
    resource: ResourceType,
    live: KubeObject,
    options: DeleteOptions,
  ): void {
    const { uid, resourceVersion } = options.preconditions ?? {};
    const { name, ...metadata } = live.metadata;
    if (uid && uid !== metadata.uid) {
      throw preconditionFailed(
        resource,
        name,
        `the UID in the precondition (${uid}) does not match the UID in record (${metadata.uid}). The object might have been deleted and then recreated`,
      );
    }
    if (resourceVersion && resourceVersion !== metadata.resourceVersion) {
      throw preconditionFailed(
        resource,
        name,
        `the ResourceVersion in the precondition (${resourceVersion}) does not match the ResourceVersion in record (${metadata.resourceVersion}). The object might have been modified`,
      );
    }
  }

  private releaseDependents(owner: KubeObject, orphan: boolean): void {
    for (const resource of [replicaSets, pods]) {
      const dependents = this.store.list(
        resource,
        owner.metadata.namespace,
        ({ metadata }) =>
          (metadata.ownerReferences ?? []).some(
            reference => reference.uid === owner.metadata.uid,
          ),
      );
      for (const dependent of dependents) {
        const owners = dependent.metadata.ownerReferences ?? [];
        if (orphan) {
          this.store.put(resource, {
            ...dependent,
            metadata: {
              ...dependent.metadata,
              ownerReferences: owners.filter(
                reference => reference.uid !== owner.metadata.uid,
              ),
            },
          });
        } else {
          this.delete(
            resource,
            dependent.metadata.namespace,
            dependent.metadata.name,
            {},
          );
        }
      }
    }
  }

  /** Marks a namespace as going; whatever is in it stays. */
  terminate(namespace: string): KubeObject {
    const live = this.store.get(namespaces, undefined, namespace);
    if (!live) {
      throw notFound(namespaces, namespace);
    }
    return this.store.put(namespaces, {
      ...live,
      metadata: {
        ...live.metadata,
        deletionTimestamp: live.metadata.deletionTimestamp ?? kubernetesTime(),
      },
      status: { phase: 'Terminating' },
    });
  }

  private deleteNamespace(live: KubeObject, { dryRun }: DeleteOptions) {
    if (dryRun) {
      return live;
    }
    const { name } = live.metadata;
    const going = this.terminate(name);
    // The answer comes first, and what is in it goes a moment later.
    setTimeout(() => {
      this.emptyNamespace(name);
      this.finishNamespace(name);
    }, this.namespaceLagMs).unref();
    return going;
  }

  /** A namespace that is going goes with the last object in it. */
  finishNamespace(namespace: string): void {
    const live = this.store.get(namespaces, undefined, namespace);
    if (
      live?.metadata.deletionTimestamp &&
      resourceTypes.every(
        type =>
          !type.namespaced || this.store.list(type, namespace).length === 0,
      )
    ) {
      this.store.remove(namespaces, undefined, namespace);
    }
  }

  /** Takes everything away, whoever holds it. */
  purge(): void {
    for (const type of resourceTypes) {
      for (const { metadata } of this.store.list(type)) {
        this.store.remove(type, metadata.namespace, metadata.name);
      }
    }
  }

  /** Controllers first, so that nothing is created again while the namespace empties. */
  private emptyNamespace(namespace: string): void {
    const order = [
      deployments,
      ...resourceTypes.filter(type => type !== deployments && type.namespaced),
    ];
    for (const resource of order) {
      for (const object of this.store.list(resource, namespace)) {
        if (
          isRecord(this.store.get(resource, namespace, object.metadata.name))
        ) {
          this.delete(resource, namespace, object.metadata.name, {
            gracePeriodSeconds: 0,
          });
        }
      }
    }
  }
}
