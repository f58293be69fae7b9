import { randomBytes, randomUUID } from 'node:crypto';
import { recordUpdate, Writer } from './managedFields';
import { PatchFormat, patchObject } from './patch/patchObject';
import { namespaces, ResourceType } from './resources';
import {
  alreadyExists,
  badRequest,
  invalid,
  notFound,
  unprocessablePatch,
} from './status';
import {
  decodeRequest,
  hasFinalizers,
  keepServerFields,
  requireCurrent,
  withoutManagedFields,
} from './objectRules';
import { ObjectStore } from './store';
import { kubernetesTime } from './time';
import { KubeObject, ManagedFieldsEntry } from './types';
import { validateChange, validateObject } from './validation';
import { clone, deepEqual } from './values';

/** @internal */
export interface WriteOptions {
  manager: string;
  dryRun?: boolean;
  subresource?: 'status';
}

/**
 * Create, replace and patch, with everything that happens to an object on its way into the store.
 * @internal
 */
export class ObjectWriter {
  constructor(private readonly store: ObjectStore) {}

  create(
    resource: ResourceType,
    namespace: string | undefined,
    body: unknown,
    options: WriteOptions,
  ): KubeObject {
    const object = decodeRequest(resource, namespace, body, badRequest);
    if (resource.hasGeneration) {
      // Copied along with an exported manifest; only the controllers write it.
      delete object.status;
    }
    if (!object.metadata.name && object.metadata.generateName) {
      object.metadata.name = `${object.metadata.generateName}${randomBytes(4)
        .toString('hex')
        .slice(0, 5)}`;
    }
    if (object.metadata.resourceVersion) {
      throw badRequest(
        'resourceVersion should not be set on objects to be created',
      );
    }
    if (
      this.store.get(resource, object.metadata.namespace, object.metadata.name)
    ) {
      throw alreadyExists(resource, object.metadata.name);
    }
    const entries = recordUpdate({
      before: undefined,
      after: object,
      entries: [],
      writer: this.writer(resource, options),
      time: kubernetesTime(),
    });
    return this.insert(resource, object, entries, options);
  }

  /** Full replacement (PUT). */
  replace(
    resource: ResourceType,
    namespace: string | undefined,
    name: string,
    body: unknown,
    options: WriteOptions,
  ): KubeObject {
    const object = decodeRequest(resource, namespace, body, badRequest);
    if (object.metadata.name !== name) {
      throw badRequest(
        `the name of the object (${object.metadata.name}) does not match the name on the URL (${name})`,
      );
    }
    const live = this.require(resource, namespace, name);
    return this.change(resource, live, object, options);
  }

  patch(
    resource: ResourceType,
    namespace: string | undefined,
    name: string,
    format: PatchFormat,
    patch: unknown,
    options: WriteOptions,
  ): KubeObject {
    const live = this.require(resource, namespace, name);
    const patched = patchObject(live, format, patch);
    const object = decodeRequest(
      resource,
      namespace,
      patched,
      unprocessablePatch,
    );
    if (object.metadata.name !== name) {
      throw badRequest(
        `the name of the object (${object.metadata.name}) does not match the name on the URL (${name})`,
      );
    }
    return this.change(resource, live, object, options);
  }

  /** For the controllers: status is never touched by ordinary writes. */
  setStatus(
    resource: ResourceType,
    namespace: string | undefined,
    name: string,
    status: unknown,
    manager: string,
  ): void {
    const live = this.store.get(resource, namespace, name);
    if (live) {
      this.change(
        resource,
        live,
        { ...live, status: clone(status) },
        { manager, subresource: 'status' },
      );
    }
  }

  private writer(resource: ResourceType, options: WriteOptions): Writer {
    return {
      manager: options.manager,
      apiVersion: resource.apiVersion,
      ...(options.subresource ? { subresource: options.subresource } : {}),
    };
  }

  private require(
    resource: ResourceType,
    namespace: string | undefined,
    name: string,
  ): KubeObject {
    const live = this.store.get(resource, namespace, name);
    if (!live) {
      throw notFound(resource, name);
    }
    return live;
  }

  private insert(
    resource: ResourceType,
    object: KubeObject,
    entries: ManagedFieldsEntry[],
    options: WriteOptions,
  ): KubeObject {
    const { name, namespace } = object.metadata;
    if (
      resource.namespaced &&
      !this.store.get(namespaces, undefined, namespace ?? '')
    ) {
      throw notFound(namespaces, namespace ?? '');
    }
    const causes = validateObject(object);
    if (causes.length > 0) {
      throw invalid(resource, name ?? '', causes);
    }
    const created: KubeObject = {
      ...object,
      metadata: {
        ...object.metadata,
        uid: randomUUID(),
        creationTimestamp: kubernetesTime(),
        ...(resource.hasGeneration ? { generation: 1 } : {}),
        managedFields: entries,
      },
    };
    return options.dryRun ? created : this.store.put(resource, created);
  }

  private change(
    resource: ResourceType,
    live: KubeObject,
    incoming: KubeObject,
    options: WriteOptions,
  ): KubeObject {
    requireCurrent(resource, live, incoming);
    const object = keepServerFields(resource, live, incoming, options);
    const entries = recordUpdate({
      before: withoutManagedFields(live),
      after: withoutManagedFields(object),
      entries: live.metadata.managedFields ?? [],
      writer: this.writer(resource, options),
      time: kubernetesTime(),
    });
    return this.persist(resource, live, object, entries, options);
  }

  private persist(
    resource: ResourceType,
    live: KubeObject,
    incoming: KubeObject,
    entries: ManagedFieldsEntry[],
    options: WriteOptions,
  ): KubeObject {
    const { name, namespace } = live.metadata;
    const { generation } = live.metadata;
    const object: KubeObject = {
      ...incoming,
      metadata: {
        ...incoming.metadata,
        uid: live.metadata.uid,
        resourceVersion: live.metadata.resourceVersion,
        creationTimestamp: live.metadata.creationTimestamp,
        ...(live.metadata.deletionTimestamp
          ? { deletionTimestamp: live.metadata.deletionTimestamp }
          : {}),
        ...(generation === undefined
          ? {}
          : {
              generation: deepEqual(live.spec, incoming.spec)
                ? generation
                : generation + 1,
            }),
        managedFields: entries,
      },
    };
    const causes = [...validateObject(object), ...validateChange(live, object)];
    if (causes.length > 0) {
      throw invalid(resource, name, causes);
    }
    if (options.dryRun || deepEqual(live, object)) {
      return object;
    }
    const stored = this.store.put(resource, object);
    if (
      stored.metadata.deletionTimestamp &&
      !hasFinalizers(stored) &&
      hasFinalizers(live)
    ) {
      this.store.remove(resource, namespace, name);
    }
    return stored;
  }
}
