import { StatusCause } from './status';
import { matchesLabelSelector } from './selectors';
import { Container, Deployment, KubeObject, PodTemplate } from './types';
import { deepEqual, recordAt } from './values';

const maximumDataBytes = 1024 * 1024;
const maximumAnnotationBytes = 256 * 1024;

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
          `Invalid value: "${name}": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')`,
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
        `Invalid value: "${key}": a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')`,
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
        object.kind === 'Secret' ? 'data' : '[]',
        `Too long: may not be more than ${maximumDataBytes} bytes`,
      ),
    );
  }
  return causes;
}

function validateAnnotations({ metadata }: KubeObject): StatusCause[] {
  const bytes = Object.entries(metadata.annotations ?? {}).reduce(
    (sum, [key, value]) =>
      sum + Buffer.byteLength(key) + Buffer.byteLength(value),
    0,
  );
  return bytes > maximumAnnotationBytes
    ? [
        cause(
          'FieldValueTooLong',
          'metadata.annotations',
          `Too long: may not be more than ${maximumAnnotationBytes} bytes`,
        ),
      ]
    : [];
}

function validateVariables(container: Container, field: string): StatusCause[] {
  return (container.env ?? []).flatMap((variable, position) => {
    const causes: StatusCause[] = [];
    if (!/^[ -<>-~]+$/.test(variable.name)) {
      causes.push(
        cause(
          'FieldValueInvalid',
          `${field}.env[${position}].name`,
          `Invalid value: "${variable.name}": a valid environment variable name must consist only of printable ASCII characters other than '='`,
        ),
      );
    }
    if (variable.value && variable.valueFrom) {
      causes.push(
        cause(
          'FieldValueInvalid',
          `${field}.env[${position}].valueFrom`,
          'Invalid value: "": may not be specified when `value` is not empty',
        ),
      );
    }
    return causes;
  });
}

function validateSources(container: Container, field: string): StatusCause[] {
  return (container.envFrom ?? []).flatMap((source, position) => {
    if (!source.configMapRef === !source.secretRef) {
      return [
        cause(
          'FieldValueInvalid',
          `${field}.envFrom`,
          source.configMapRef
            ? 'Invalid value: "": may not have more than one field specified at a time'
            : 'Invalid value: "": must specify one of: `configMapRef` or `secretRef`',
        ),
      ];
    }
    return (['configMapRef', 'secretRef'] as const)
      .filter(kind => source[kind] && !source[kind]?.name)
      .map(kind =>
        cause(
          'FieldValueRequired',
          `${field}.envFrom[${position}].${kind}.name`,
          'Required value',
        ),
      );
  });
}

/** Variables that are set twice are allowed, and warned of. @internal */
export function warningsOf(object: KubeObject): string[] {
  const containers = recordAt(object, 'spec', 'template', 'spec').containers;
  return (Array.isArray(containers) ? (containers as Container[]) : []).flatMap(
    ({ env = [] }, index) =>
      env.flatMap(({ name }, position) =>
        env.findIndex(other => other.name === name) < position
          ? [
              `spec.template.spec.containers[${index}].env[${position}]: hides previous definition of "${name}", which may be dropped when using apply`,
            ]
          : [],
      ),
  );
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
    return [
      ...causes,
      ...validateVariables(container, field),
      ...validateSources(container, field),
    ];
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
  const causes = [...validateName(object), ...validateAnnotations(object)];
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
  const { uid } = after.metadata;
  if (uid && uid !== before.metadata.uid) {
    // The real server says it twice.
    causes.push(immutable('metadata.uid', uid), immutable('metadata.uid', uid));
  }
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
