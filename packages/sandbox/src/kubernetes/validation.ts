import { resourceTypes } from './resources';
import { StatusCause } from './status';
import { matchesLabelSelector } from './selectors';
import { Container, Deployment, KubeObject, PodTemplate } from './types';
import { deepEqual, isRecord, JsonRecord, recordAt } from './values';

/** The body is no object of its kind: 400 on create and replace, 422 on patch. @internal */
export class DecodeError extends Error {}

const maximumDataBytes = 1024 * 1024;

function requireStringMap(value: unknown, field: string): void {
  if (value === undefined) {
    return;
  }
  if (!isRecord(value)) {
    throw new DecodeError(`json: cannot unmarshal into field ${field}`);
  }
  for (const [key, member] of Object.entries(value)) {
    if (typeof member !== 'string') {
      throw new DecodeError(
        `json: cannot unmarshal ${
          Array.isArray(member) ? 'array' : typeof member
        } into Go struct field ${field}.${key} of type string`,
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
export function decodeObject(body: unknown): KubeObject {
  const value = dropNulls(body);
  if (!isRecord(value)) {
    throw new DecodeError('the body is not an object');
  }
  const { apiVersion, kind } = value;
  if (typeof kind !== 'string' || typeof apiVersion !== 'string') {
    throw new DecodeError(
      `Object 'Kind' is missing in '${JSON.stringify(Object.keys(value))}'`,
    );
  }
  const type = resourceTypes.find(
    candidate => candidate.kind === kind && candidate.apiVersion === apiVersion,
  );
  if (!type) {
    throw new DecodeError(
      `no kind "${kind}" is registered for version "${apiVersion}"`,
    );
  }
  const metadata = { ...recordAt(value, 'metadata') };
  requireStringMap(metadata.labels, 'ObjectMeta.metadata.labels');
  requireStringMap(metadata.annotations, 'ObjectMeta.metadata.annotations');
  dropEmpty(metadata, ['labels', 'annotations']);
  const object: JsonRecord = { ...value, metadata };
  if (kind === 'ConfigMap' || kind === 'Secret') {
    requireStringMap(object.data, `${kind}.data`);
    requireStringMap(object.stringData, `${kind}.stringData`);
    dropEmpty(object, ['data', 'stringData', 'binaryData']);
  }
  if (kind === 'Deployment' || kind === 'ReplicaSet') {
    const template = recordAt(object, 'spec', 'template');
    requireStringMap(
      recordAt(template, 'metadata').annotations,
      'ObjectMeta.spec.template.metadata.annotations',
    );
    requireStringEnv(template, kind);
  }
  return { ...object, apiVersion, kind, metadata } as KubeObject;
}

function cause(reason: string, field: string, message: string): StatusCause {
  return { reason, field, message };
}

function validateName(object: KubeObject): StatusCause[] {
  const { name } = object.metadata;
  if (!name) {
    return [
      cause(
        'FieldValueRequired',
        'metadata.name',
        'Required value: name or generateName is required',
      ),
    ];
  }
  return /^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/.test(name) && name.length <= 253
    ? []
    : [
        cause(
          'FieldValueInvalid',
          'metadata.name',
          `Invalid value: "${name}": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.'`,
        ),
      ];
}

function validateData(object: KubeObject): StatusCause[] {
  const data = { ...recordAt(object, 'data') };
  const keys = [
    ...Object.keys(data),
    ...Object.keys(recordAt(object, 'binaryData')),
  ];
  const causes = keys
    .filter(key => !/^[-._a-zA-Z0-9]{1,253}$/.test(key) || /^\.\.?$/.test(key))
    .map(key =>
      cause(
        'FieldValueInvalid',
        `data[${key}]`,
        `Invalid value: "${key}": a valid config key must consist of alphanumeric characters, '-', '_' or '.'`,
      ),
    );
  const bytes = Object.values(data).reduce<number>(
    (sum, value) =>
      sum +
      Buffer.byteLength(
        String(value),
        object.kind === 'Secret' ? 'base64' : 'utf8',
      ),
    0,
  );
  if (bytes > maximumDataBytes) {
    causes.push(
      cause(
        'FieldValueTooLong',
        object.kind === 'Secret' ? 'data' : '',
        `Too long: may not be more than ${maximumDataBytes} bytes`,
      ),
    );
  }
  return causes;
}

function validateContainers(template: PodTemplate): StatusCause[] {
  const path = 'spec.template.spec.containers';
  const containers: Container[] = template.spec?.containers ?? [];
  if (containers.length === 0) {
    return [cause('FieldValueRequired', path, 'Required value')];
  }
  return containers.flatMap((container, index) => {
    const field = `${path}[${index}]`;
    const causes: StatusCause[] = [];
    if (!container.name) {
      causes.push(
        cause('FieldValueRequired', `${field}.name`, 'Required value'),
      );
    }
    if (!container.image) {
      causes.push(
        cause('FieldValueRequired', `${field}.image`, 'Required value'),
      );
    }
    container.env?.forEach((variable, position) => {
      if (variable.value && variable.valueFrom) {
        causes.push(
          cause(
            'FieldValueInvalid',
            `${field}.env[${position}].valueFrom`,
            'Invalid value: "": may not be specified when `value` is not empty',
          ),
        );
      }
    });
    container.envFrom?.forEach((source, position) => {
      if (!source.configMapRef === !source.secretRef) {
        causes.push(
          cause(
            'FieldValueInvalid',
            `${field}.envFrom[${position}]`,
            'Invalid value: "": must specify exactly one of: `configMapRef` or `secretRef`',
          ),
        );
      }
    });
    return causes;
  });
}

function validateDeployment(deployment: Deployment): StatusCause[] {
  const causes = validateContainers(deployment.spec.template);
  const { selector, template, strategy, replicas } = deployment.spec;
  if (!selector || !(selector.matchLabels || selector.matchExpressions)) {
    causes.push(cause('FieldValueRequired', 'spec.selector', 'Required value'));
  } else if (!matchesLabelSelector(selector, template.metadata?.labels ?? {})) {
    causes.push(
      cause(
        'FieldValueInvalid',
        'spec.template.metadata.labels',
        `Invalid value: ${JSON.stringify(
          template.metadata?.labels ?? {},
        )}: \`selector\` does not match template \`labels\``,
      ),
    );
  }
  if (strategy?.type === 'Recreate' && strategy.rollingUpdate) {
    causes.push(
      cause(
        'FieldValueForbidden',
        'spec.strategy.rollingUpdate',
        "Forbidden: may not be specified when strategy `type` is 'Recreate'",
      ),
    );
  }
  if (!Number.isInteger(replicas) || replicas < 0) {
    causes.push(
      cause(
        'FieldValueInvalid',
        'spec.replicas',
        `Invalid value: ${replicas}: must be greater than or equal to 0`,
      ),
    );
  }
  return causes;
}

/** What makes a decoded and defaulted object invalid (422). @internal */
export function validateObject(object: KubeObject): StatusCause[] {
  const causes = validateName(object);
  switch (object.kind) {
    case 'ConfigMap':
    case 'Secret':
      return [...causes, ...validateData(object)];
    case 'Deployment':
      return [...causes, ...validateDeployment(object as Deployment)];
    default:
      return causes;
  }
}

function immutable(field: string, value: unknown): StatusCause {
  return cause(
    'FieldValueInvalid',
    field,
    `Invalid value: ${JSON.stringify(value)}: field is immutable`,
  );
}

/** What makes a change of an existing object invalid (422). @internal */
export function validateChange(
  before: KubeObject,
  after: KubeObject,
): StatusCause[] {
  const causes: StatusCause[] = [];
  if (before.kind === 'Secret' && before.type !== after.type) {
    causes.push(immutable('type', after.type));
  }
  if (before.kind === 'Secret' || before.kind === 'ConfigMap') {
    if (before.immutable === true) {
      if (after.immutable !== true) {
        causes.push(
          cause(
            'FieldValueForbidden',
            'immutable',
            'Forbidden: field is immutable when `immutable` is set',
          ),
        );
      }
      for (const field of ['data', 'binaryData']) {
        if (!deepEqual(before[field], after[field])) {
          causes.push(
            cause(
              'FieldValueForbidden',
              field,
              'Forbidden: field is immutable when `immutable` is set',
            ),
          );
        }
      }
    }
  }
  if (before.kind === 'Deployment' || before.kind === 'ReplicaSet') {
    const selector = recordAt(after, 'spec').selector;
    if (!deepEqual(recordAt(before, 'spec').selector, selector)) {
      causes.push(immutable('spec.selector', selector));
    }
  }
  return causes;
}
