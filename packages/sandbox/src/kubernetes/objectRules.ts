import { applyDefaults } from './defaults';
import { ResourceType } from './resources';
import { badRequest, staleWrite } from './status';
import { hasStatusSubresource } from './store';
import { KubeObject } from './types';
import { DecodeError, decodeObject } from './decode';
import { JsonRecord, omitKeys } from './values';

/** What somebody can own of an object: its status only through the subresource. @internal */
export function ownedParts(
  resource: ResourceType,
  object: KubeObject,
  { subresource }: { subresource?: 'status' },
): JsonRecord {
  return {
    ...(hasStatusSubresource(resource) && !subresource
      ? omitKeys(object, ['status'])
      : object),
    metadata: omitKeys(object.metadata, ['managedFields']),
  };
}

/** How a body is turned into an object. @internal */
export interface DecodeOptions {
  /** What becomes of fields that the kind does not have; `Warn` is the default. */
  fieldValidation?: string;
  warn?: (text: string) => void;
}

/**
 * A body as an object of its kind in its namespace, with defaults; `failure` words what cannot be decoded.
 * @internal
 */
export function decodeRequest(
  resource: ResourceType,
  namespace: string | undefined,
  body: unknown,
  failure: (message: string) => Error,
  options: DecodeOptions = {},
): KubeObject {
  let object: KubeObject;
  try {
    const decoded = decodeObject(resource, body);
    object = applyDefaults(decoded.object);
    const words = decoded.unknown.map(path => `unknown field "${path}"`);
    if (options.fieldValidation === 'Strict' && words.length > 0) {
      throw new DecodeError(`strict decoding error: ${words.join(', ')}`);
    }
    if (options.fieldValidation !== 'Ignore') {
      words.forEach(word => options.warn?.(word));
    }
  } catch (error) {
    if (error instanceof DecodeError) {
      throw failure(error.message);
    }
    throw error;
  }
  if (object.kind !== resource.kind) {
    throw badRequest(
      `the object provided is unrecognized (must be of type ${resource.kind}): got ${object.kind}`,
    );
  }
  if (resource.namespaced) {
    object.metadata.namespace ??= namespace;
    if (object.metadata.namespace !== namespace) {
      throw badRequest(
        `the namespace of the provided object does not match the namespace sent on the request`,
      );
    }
  } else {
    delete object.metadata.namespace;
  }
  return object;
}

/** A version that the client names must be the stored one. @internal */
export function requireCurrent(
  resource: ResourceType,
  live: KubeObject | undefined,
  incoming: KubeObject,
): void {
  const { name, resourceVersion } = incoming.metadata;
  const sentVersion = resourceVersion ?? '';
  if (live && sentVersion && sentVersion !== live.metadata.resourceVersion) {
    throw staleWrite(resource, name);
  }
  if (!live && sentVersion) {
    throw staleWrite(resource, name);
  }
}

/** A write of the object leaves its status alone, a write of the status leaves everything else alone. @internal */
export function keepServerFields(
  resource: ResourceType,
  live: KubeObject,
  incoming: KubeObject,
  options: { subresource?: 'status' },
): KubeObject {
  if (options.subresource === 'status') {
    // The controllers keep the revision in the annotations together with the status.
    const { annotations } = incoming.metadata;
    return {
      ...live,
      metadata: { ...live.metadata, ...(annotations ? { annotations } : {}) },
      status: incoming.status,
    };
  }
  if (!hasStatusSubresource(resource)) {
    return incoming;
  }
  const { status: _, ...rest } = incoming;
  return live.status === undefined
    ? (rest as KubeObject)
    : ({ ...rest, status: live.status } as KubeObject);
}

/** @internal */
export function hasFinalizers(object: KubeObject): boolean {
  const { finalizers } = object.metadata;
  return Array.isArray(finalizers) && finalizers.length > 0;
}
