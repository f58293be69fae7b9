import { randomBytes, randomUUID } from 'node:crypto';
import { MissingListKeyError } from './apply/fieldSet';
import { recordUpdate, Writer } from './apply/managedFields';
import { serverSideApply } from './apply/serverSideApply';
import { PatchFormat, patchObject } from './patch/patchObject';
import { namespaces, ResourceType } from './resources';
import {
  alreadyExists,
  applyConflict,
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
import { hasStatusSubresource, ObjectStore } from './store';
import { kubernetesTime } from './time';
import { KubeObject, ManagedFieldsEntry } from './types';
import { validateChange, validateObject } from './validation';
import { clone, deepEqual, isRecord, omitKeys } from './values';

/** @internal */
export interface WriteOptions {
  manager: string;
  dryRun?: boolean;
  subresource?: 'status';
}

/** @internal */
export interface ApplyOptions extends WriteOptions {
  force: boolean;
}

/** @internal */
export interface WriteResult {
  object: KubeObject;
  created: boolean;
}

/**
 * Create, replace, patch and apply, with everything that happens to an object on its way into the store.
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

  apply(
    resource: ResourceType,
    namespace: string | undefined,
    name: string,
    body: unknown,
    options: ApplyOptions,
  ): WriteResult {
    if (
      isRecord(body) &&
      isRecord(body.metadata) &&
      Array.isArray(body.metadata.managedFields) &&
      body.metadata.managedFields.length > 0
    ) {
      throw badRequest('metadata.managedFields must be nil');
    }
    const applied = decodeRequest(resource, namespace, body, badRequest);
    applied.metadata.name ||= name;
    if (applied.metadata.name !== name) {
      throw badRequest(
        `the name of the object (${applied.metadata.name}) does not match the name on the URL (${name})`,
      );
    }
    const live = this.store.get(resource, namespace, name);
    requireCurrent(resource, live, applied);
    const configuration = hasStatusSubresource(resource)
      ? omitKeys(applied, ['status'])
      : applied;
    const writer: Writer = {
      ...this.writer(resource, options),
      operation: 'Apply',
    };
    const result = this.runApply({
      live: live && withoutManagedFields(live),
      entries: live?.metadata.managedFields ?? [],
      applied: configuration,
      writer,
      force: options.force,
      time: kubernetesTime(),
    });
    const object = decodeRequest(
      resource,
      namespace,
      result.object,
      badRequest,
    );
    return live
      ? {
          object: this.persist(resource, live, object, result.entries, options),
          created: false,
        }
      : {
          object: this.insert(resource, object, result.entries, options),
          created: true,
        };
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

  private runApply(input: Parameters<typeof serverSideApply>[0]) {
    try {
      const result = serverSideApply(input);
      if (!result.ok) {
        throw applyConflict(result.conflicts);
      }
      return result;
    } catch (error) {
      if (error instanceof MissingListKeyError) {
        throw badRequest(error.message);
      }
      throw error;
    }
  }

  private writer(resource: ResourceType, options: WriteOptions): Writer {
    return {
      manager: options.manager,
      operation: 'Update',
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
