/**
 * Errors of the Kubernetes API, as Status objects.
 */

/** @internal */
export interface StatusCause {
  reason?: string;
  message: string;
  field?: string;
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
    /** Absent where the API server gives none. */
    readonly reason: string | undefined,
    message: string,
    readonly details?: StatusDetails,
    /** Where the rest of an expired list continues. */
    readonly continueToken?: string,
  ) {
    super(message);
  }

  toStatus() {
    return {
      kind: 'Status',
      apiVersion: 'v1',
      metadata: this.continueToken ? { continue: this.continueToken } : {},
      status: 'Failure',
      message: this.message,
      ...(this.reason === undefined ? {} : { reason: this.reason }),
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
export function qualifiedResource(
  resource: Omit<ResourceNames, 'kind'>,
): string {
  return resource.group
    ? `${resource.plural}.${resource.group}`
    : resource.plural;
}

type Named = Omit<ResourceNames, 'kind'>;

function detailsOf(resource: Named, name?: string): StatusDetails {
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
  resource: Named,
  name: string | undefined,
  message: string,
  causes?: StatusCause[],
): StatusError {
  return new StatusError(
    403,
    'Forbidden',
    `${qualifiedResource(resource)}${
      name ? ` "${name}"` : ''
    } is forbidden: ${message}`,
    { ...detailsOf(resource, name), ...(causes ? { causes } : {}) },
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
  isBeingDeleted: boolean,
): StatusError {
  return new StatusError(
    409,
    'AlreadyExists',
    `${isBeingDeleted ? 'object is being deleted: ' : ''}${qualifiedResource(
      resource,
    )} "${name}" already exists`,
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
    `Operation cannot be fulfilled on ${resource.kind} "${name}": ${message}`,
    { ...detailsOf(resource, name), kind: resource.kind },
  );
}

/** A PUT whose uid is that of another object. @internal */
export function otherObject(
  resource: ResourceNames,
  name: string,
  sent: string,
  stored: string,
): StatusError {
  return new StatusError(
    409,
    'Conflict',
    `Operation cannot be fulfilled on ${qualifiedResource(
      resource,
    )} "${name}": Precondition failed: UID in precondition: ${sent}, UID in object meta: ${stored}`,
    detailsOf(resource, name),
  );
}

/** @internal */
export function expired(message: string, continueToken?: string): StatusError {
  return new StatusError(410, 'Expired', message, undefined, continueToken);
}

/** @internal */
export function unsupportedMediaType(
  received: string,
  accepted: string[],
): StatusError {
  return new StatusError(
    415,
    'UnsupportedMediaType',
    `415: Unsupported Media Type: ${
      received || 'none'
    } - accepted media types include: ${accepted.join(', ')}`,
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
      ...(name ? { name } : {}),
      ...(resource.group ? { group: resource.group } : {}),
      ...(resource.kind ? { kind: resource.kind } : {}),
      causes,
    },
  );
}

/** A patch that makes something else than an object of its kind; the answer quotes all of it. @internal */
export function undecodablePatch(
  patched: unknown,
  message: string,
): StatusError {
  return invalid({ group: '', plural: '', kind: '' }, '', [
    {
      reason: 'FieldValueInvalid',
      message: `Invalid value: ${JSON.stringify(
        JSON.stringify(patched),
      )}: ${message}`,
      field: 'patch',
    },
  ]);
}

/** @internal */
export function internalError(message: string): StatusError {
  return new StatusError(
    500,
    'InternalError',
    `Internal error occurred: ${message}`,
    { causes: [{ message }] },
  );
}

/** @internal */
export function invalidOption(
  kind: string,
  field: string,
  message: string,
  reason = 'FieldValueInvalid',
): StatusError {
  return new StatusError(
    422,
    'Invalid',
    `${kind}.meta.k8s.io "" is invalid: ${field}: ${message}`,
    {
      group: 'meta.k8s.io',
      kind,
      causes: [{ reason, message, field }],
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
