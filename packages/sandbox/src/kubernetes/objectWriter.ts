import { randomBytes, randomUUID } from 'node:crypto';
import { Admission } from './admission';
import { recordUpdate, Writer } from './managedFields';
import { admitPod } from './podAdmission';
import { PatchFormat, patchObject } from './patch/patchObject';
import { namespaces, pods, ResourceType } from './resources';
import {
  alreadyExists,
  badRequest,
  forbidden,
  invalid,
  notFound,
  otherObject,
  StatusError,
  undecodablePatch,
} from './status';
import {
  DecodeOptions,
  decodeRequest,
  hasFinalizers,
  keepServerFields,
  requireCurrent,
  ownedParts,
} from './objectRules';
import { ObjectStore } from './store';
import { kubernetesTime } from './time';
import { KubeObject, ManagedFieldsEntry } from './types';
import { validateChange, validateObject, warningsOf } from './validation';
import { clone, deepEqual, omitKeys, recordAt } from './values';

/** @internal */
export interface WriteOptions extends DecodeOptions {
  manager: string;
  dryRun?: boolean;
  subresource?: 'status';
}

const initialStatus: Record<string, object> = {
  deployments: {},
  replicasets: { replicas: 0 },
  pods: { phase: 'Pending', qosClass: 'BestEffort' },
};

/** A pod that is bound to its node is no newer for it. */
function countedSpec(resource: ResourceType, { spec }: KubeObject): unknown {
  return resource === pods ? omitKeys(recordAt(spec), ['nodeName']) : spec;
}

function cannotBeHandled({ apiVersion, kind }: ResourceType) {
  return (message: string) =>
    badRequest(
      `${kind} in version "${apiVersion
        .split('/')
        .pop()}" cannot be handled as a ${kind}: ${message}`,
    );
}

/**
 * Create, replace and patch, with everything that happens to an object on its way into the store.
 * @internal
 */
export class ObjectWriter {
  constructor(
    private readonly store: ObjectStore,
    private readonly admission: Admission,
  ) {}

  create(
    resource: ResourceType,
    namespace: string | undefined,
    body: unknown,
    options: WriteOptions,
  ): KubeObject {
    const object = decodeRequest(
      resource,
      namespace,
      body,
      cannotBeHandled(resource),
      options,
    );
    if (initialStatus[resource.plural]) {
      // Whatever came along with an exported manifest: only the controllers write it.
      object.status = initialStatus[resource.plural];
    }
    if (resource === pods) {
      admitPod(object);
    }
    if (!object.metadata.name && object.metadata.generateName) {
      object.metadata.name = `${object.metadata.generateName}${randomBytes(4)
        .toString('hex')
        .slice(0, 5)}`;
    }
    if (object.metadata.resourceVersion) {
      throw new StatusError(
        500,
        undefined,
        'resourceVersion should not be set on objects to be created',
      );
    }
    const entries = recordUpdate({
      before: undefined,
      after: ownedParts(resource, object, options),
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
    const object = decodeRequest(
      resource,
      namespace,
      body,
      cannotBeHandled(resource),
      options,
    );
    if (object.metadata.name !== name) {
      throw badRequest(
        `the name of the object (${object.metadata.name}) does not match the name on the URL (${name})`,
      );
    }
    const live = this.require(resource, namespace, name);
    const { uid } = object.metadata;
    if (uid && uid !== live.metadata.uid) {
      // Of a patch, the uid is a field like any other: 422.
      throw otherObject(resource, name, uid, live.metadata.uid ?? '');
    }
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
      message => undecodablePatch(patched, message),
      options,
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
    annotations?: Record<string, string>,
  ): void {
    const live = this.store.get(resource, namespace, name);
    if (live) {
      this.change(
        resource,
        live,
        {
          ...live,
          metadata: {
            ...live.metadata,
            ...(annotations
              ? {
                  annotations: { ...live.metadata.annotations, ...annotations },
                }
              : {}),
          },
          status: clone(status),
        },
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
    if (resource.namespaced) {
      this.requireLiving(resource, name, namespace ?? '');
    }
    const causes = validateObject(object);
    if (causes.length > 0) {
      throw invalid(resource, name ?? '', causes);
    }
    warningsOf(object).forEach(text => options.warn?.(text));
    this.review('CREATE', resource, object, options);
    const live = this.store.get(resource, namespace, name);
    if (live) {
      throw alreadyExists(
        resource,
        name,
        live.metadata.deletionTimestamp !== undefined,
      );
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

  private requireLiving(
    resource: ResourceType,
    name: string,
    namespace: string,
  ): void {
    const home = this.store.get(namespaces, undefined, namespace);
    if (!home) {
      throw notFound(namespaces, namespace);
    }
    if (home.metadata.deletionTimestamp) {
      throw forbidden(
        resource,
        name,
        `unable to create new content in namespace ${namespace} because it is being terminated`,
        [
          {
            reason: 'NamespaceTerminating',
            message: `namespace ${namespace} is being terminated`,
            field: 'metadata.namespace',
          },
        ],
      );
    }
  }

  private review(
    operation: 'CREATE' | 'UPDATE',
    resource: ResourceType,
    { metadata }: KubeObject,
    { dryRun, subresource, warn }: WriteOptions,
  ): void {
    // Status is written by the controllers here, and by nobody else.
    if (!subresource) {
      this.admission.review({
        operation,
        resource,
        namespace: metadata.namespace,
        name: metadata.name,
        dryRun: dryRun ?? false,
        warn,
      });
    }
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
      before: ownedParts(resource, live, options),
      after: ownedParts(resource, object, options),
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
              generation: deepEqual(
                countedSpec(resource, live),
                countedSpec(resource, incoming),
              )
                ? generation
                : generation + 1,
            }),
        managedFields: entries,
      },
    };
    const causes = [
      ...validateObject(object),
      ...validateChange(live, incoming),
    ];
    if (causes.length > 0) {
      throw invalid(resource, name, causes);
    }
    warningsOf(object).forEach(text => options.warn?.(text));
    this.review('UPDATE', resource, object, options);
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
