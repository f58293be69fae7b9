import { hasFinalizers } from './objectRules';
import {
  deployments,
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

/** Deletion: preconditions, finalizers, graceful end of pods, and dependents that go with their owner. @internal */
export class ObjectRemover {
  constructor(private readonly store: ObjectStore) {}

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
              deletionGracePeriodSeconds: options.gracePeriodSeconds ?? 30,
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
        `UID in precondition: ${uid}, UID in object meta: ${metadata.uid}`,
      );
    }
    if (resourceVersion && resourceVersion !== metadata.resourceVersion) {
      throw preconditionFailed(
        resource,
        name,
        `ResourceVersion in precondition: ${resourceVersion}, ResourceVersion in object meta: ${metadata.resourceVersion}`,
      );
    }
  }

  private releaseDependents(owner: KubeObject, orphan: boolean): void {
    if (owner.kind === 'Namespace') {
      this.emptyNamespace(owner.metadata.name);
      return;
    }
    for (const resource of [replicaSets, pods]) {
      for (const dependent of this.store.list(
        resource,
        owner.metadata.namespace,
      )) {
        const owners = dependent.metadata.ownerReferences ?? [];
        if (!owners.some(reference => reference.uid === owner.metadata.uid)) {
          continue;
        }
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
