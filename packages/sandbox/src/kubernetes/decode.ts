import { knownFieldsOf } from './knownFields';
import { ResourceType, resourceTypes } from './resources';
import { KubeObject } from './types';
import { isRecord, JsonRecord, recordAt } from './values';

/** The body is no object of its kind: 400 on create and replace, 422 on patch. @internal */
export class DecodeError extends Error {}

function requireStringMap(value: unknown, field: string): void {
  if (value === undefined) {
    return;
  }
  if (!isRecord(value)) {
    throw new DecodeError(`json: cannot unmarshal into field ${field}`);
  }
  for (const member of Object.values(value)) {
    if (typeof member !== 'string') {
      throw new DecodeError(
        `json: cannot unmarshal ${
          Array.isArray(member) ? 'array' : typeof member
        } into Go struct field ${field} of type string`,
      );
    }
  }
}

function requireStringEnv(template: unknown, kind: string): void {
  const containers = recordAt(template, 'spec').containers;
  for (const container of Array.isArray(containers) ? containers : []) {
    const env = recordAt(container).env;
    for (const variable of Array.isArray(env) ? env : []) {
      const { name, value } = recordAt(variable);
      if (
        typeof name !== 'string' ||
        (value !== undefined && typeof value !== 'string')
      ) {
        throw new DecodeError(
          `json: cannot unmarshal ${typeof value} into Go struct field EnvVar.${kind}.spec.template.spec.containers.env.value of type string`,
        );
      }
    }
  }
}

/** Null counts as absent, except as a value of a string map, where it decodes to the empty string. */
function dropNulls(value: unknown, inStringMap = false): unknown {
  if (Array.isArray(value)) {
    return value.map(item => dropNulls(item));
  }
  if (!isRecord(value)) {
    return value;
  }
  const result: JsonRecord = {};
  for (const [key, member] of Object.entries(value)) {
    if (member === null) {
      if (inStringMap) {
        result[key] = '';
      }
    } else if (member !== undefined) {
      result[key] = dropNulls(member, key === 'data' || key === 'stringData');
    }
  }
  return result;
}

function dropEmpty(record: JsonRecord, keys: string[]): void {
  for (const key of keys) {
    if (isRecord(record[key]) && Object.keys(record[key]).length === 0) {
      delete record[key];
    }
  }
}

/** Turns a request body into an object of the API, or throws a DecodeError. @internal */
export function decodeObject(
  resource: ResourceType,
  body: unknown,
): { object: KubeObject; unknown: string[] } {
  const value = dropNulls(body);
  if (!isRecord(value)) {
    throw new DecodeError('the body is not an object');
  }
  // What the body leaves out, the path says.
  const { apiVersion = resource.apiVersion, kind = resource.kind } = value;
  const type = resourceTypes.find(
    candidate => candidate.kind === kind && candidate.apiVersion === apiVersion,
  );
  if (!type) {
    throw new DecodeError(
      `no kind "${kind}" is registered for version "${apiVersion}"`,
    );
  }
  const known = knownFieldsOf(type.kind, value);
  const metadata = { ...recordAt(known.object, 'metadata') };
  requireStringMap(metadata.labels, 'ObjectMeta.metadata.labels');
  requireStringMap(metadata.annotations, 'ObjectMeta.metadata.annotations');
  dropEmpty(metadata, ['labels', 'annotations']);
  const object: JsonRecord = { ...known.object, metadata };
  if (type.kind === 'ConfigMap' || type.kind === 'Secret') {
    requireStringMap(object.data, `${kind}.data`);
    requireStringMap(object.stringData, `${kind}.stringData`);
    dropEmpty(object, ['data', 'stringData', 'binaryData']);
  }
  if (type.kind === 'Deployment' || type.kind === 'ReplicaSet') {
    const template = recordAt(object, 'spec', 'template');
    const stamp = recordAt(template, 'metadata');
    requireStringMap(
      stamp.annotations,
      'ObjectMeta.spec.template.metadata.annotations',
    );
    dropEmpty(stamp, ['labels', 'annotations']);
    requireStringEnv(template, type.kind);
  }
  return {
    object: {
      ...object,
      apiVersion: type.apiVersion,
      kind: type.kind,
      metadata,
    } as KubeObject,
    unknown: known.unknown,
  };
}
