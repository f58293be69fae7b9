/**
 * Errors of the Kubernetes API, as Status objects.
 */

/** @internal */
export interface StatusCause {
  reason: string;
  message: string;
  field: string;
}

/** @internal */
export interface StatusDetails {
  name?: string;
  group?: string;
  kind?: string;
  causes?: StatusCause[];
  retryAfterSeconds?: number;
}

/** Thrown anywhere below the HTTP layer, answered as a Status object. @internal */
export class StatusError extends Error {
  constructor(
    readonly code: number,
    readonly reason: string,
    message: string,
    readonly details?: StatusDetails,
  ) {
    super(message);
  }

  toStatus() {
    return {
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      message: this.message,
      reason: this.reason,
      ...(this.details ? { details: this.details } : {}),
      code: this.code,
    };
  }
}

/** The names a Status message is made of. @internal */
export interface ResourceNames {
  group: string;
  plural: string;
  kind: string;
}

/** @internal */
export function qualifiedResource(resource: ResourceNames): string {
  return resource.group
    ? `${resource.plural}.${resource.group}`
    : resource.plural;
}

function detailsOf(resource: ResourceNames, name?: string): StatusDetails {
  return {
    ...(name ? { name } : {}),
    ...(resource.group ? { group: resource.group } : {}),
    kind: resource.plural,
  };
}

/** @internal */
export function badRequest(message: string): StatusError {
  return new StatusError(400, 'BadRequest', message);
}

/** @internal */
export function unauthorized(): StatusError {
  return new StatusError(401, 'Unauthorized', 'Unauthorized');
}

/** @internal */
export function forbidden(
  resource: ResourceNames,
  name: string | undefined,
  message: string,
): StatusError {
  return new StatusError(
    403,
    'Forbidden',
    `${qualifiedResource(resource)}${
      name ? ` "${name}"` : ''
    } is forbidden: ${message}`,
    detailsOf(resource, name),
  );
}

/** @internal */
export function notFound(resource: ResourceNames, name: string): StatusError {
  return new StatusError(
    404,
    'NotFound',
    `${qualifiedResource(resource)} "${name}" not found`,
    detailsOf(resource, name),
  );
}

/** @internal */
export function pathNotFound(): StatusError {
  return new StatusError(
    404,
    'NotFound',
    'the server could not find the requested resource',
    {},
  );
}

/** @internal */
export function methodNotAllowed(): StatusError {
  return new StatusError(
    405,
    'MethodNotAllowed',
    'the server does not allow this method on the requested resource',
    {},
  );
}

/** @internal */
export function alreadyExists(
  resource: ResourceNames,
  name: string,
): StatusError {
  return new StatusError(
    409,
    'AlreadyExists',
    `${qualifiedResource(resource)} "${name}" already exists`,
    detailsOf(resource, name),
  );
}

/** @internal */
export function staleWrite(resource: ResourceNames, name: string): StatusError {
  return new StatusError(
    409,
    'Conflict',
    `Operation cannot be fulfilled on ${qualifiedResource(
      resource,
    )} "${name}": the object has been modified; please apply your changes to the latest version and try again`,
    detailsOf(resource, name),
  );
}

/** @internal */
export function preconditionFailed(
  resource: ResourceNames,
  name: string,
  message: string,
): StatusError {
  return new StatusError(
    409,
    'Conflict',
    `Operation cannot be fulfilled on ${qualifiedResource(
      resource,
    )} "${name}": Precondition failed: ${message}`,
    detailsOf(resource, name),
  );
}

/** @internal */
export function expired(message: string): StatusError {
  return new StatusError(410, 'Expired', message);
}

/** @internal */
export function unsupportedMediaType(
  received: string,
  accepted: string[],
): StatusError {
  return new StatusError(
    415,
    'UnsupportedMediaType',
    `the body of the request was in an unknown format (${
      received || 'none'
    }) - accepted media types include: ${accepted.join(', ')}`,
    {},
  );
}

/** @internal */
export function invalid(
  resource: ResourceNames,
  name: string,
  causes: StatusCause[],
): StatusError {
  const reasons = causes.map(cause => `${cause.field}: ${cause.message}`);
  return new StatusError(
    422,
    'Invalid',
    `${resource.kind}${
      resource.group ? `.${resource.group}` : ''
    } "${name}" is invalid: ${
      reasons.length === 1 ? reasons[0] : `[${reasons.join(', ')}]`
    }`,
    {
      name,
      ...(resource.group ? { group: resource.group } : {}),
      kind: resource.kind,
      causes,
    },
  );
}

/** A patch that cannot be turned into a valid object at all. @internal */
export function unprocessablePatch(message: string): StatusError {
  return new StatusError(
    422,
    'Invalid',
    `the server rejected our request due to an error in our request: ${message}`,
    {},
  );
}

/** @internal */
export function invalidOption(
  kind: string,
  field: string,
  message: string,
): StatusError {
  return new StatusError(
    422,
    'Invalid',
    `${kind}.meta.k8s.io "" is invalid: ${field}: ${message}`,
    {
      group: 'meta.k8s.io',
      kind,
      causes: [{ reason: 'FieldValueInvalid', message, field }],
    },
  );
}

/** Answered where an approximation would be mistaken for the real thing. @internal */
export function notSimulatedHere(what: string): StatusError {
  return new StatusError(
    501,
    'NotImplemented',
    `Not simulated by the sandbox: ${what}`,
  );
}
