import {
  ConflictError,
  InputError,
  NotFoundError,
  ServiceUnavailableError,
} from '@backstage/errors';
import type { HttpResponse } from '../../../http';
import {
  conceal,
  failureKindOf,
  oneLine,
  withFailure,
  withRemedy,
} from '../../../core';

/** Members whose strings may be secret: of ConfigMaps and Secrets, of environment variables. */
const VALUE_MEMBERS = ['data', 'stringData', 'value'];

/**
 * A call to the API server, for messages.
 *
 * @internal
 */
export interface KubernetesCall {
  server: string;
  /** RBAC verb. */
  verb: string;
  /** Plural resource name, with the subresource if there is one: `pods/log`. */
  resource: string;
  namespace: string;
  name?: string;
  /** The body of the request: never shown, and removed from the server's answers. */
  sent?: unknown;
}

/**
 * The parts of `meta/v1 Status` that we use.
 *
 * @internal
 */
export interface KubernetesStatus {
  code: number;
  reason: string;
  message: string;
  causes: Array<{ reason: string; message: string; field: string }>;
}

/**
 * The cluster knows our identity and refuses the call: RBAC, a quota or an admission rule. It has the name of a
 * `ServiceUnavailableError`, because a refusal of the backend's own credentials must not reach a browser as 403.
 *
 * @public
 */
export class KubernetesForbiddenError extends ServiceUnavailableError {
  /** RBAC verb, such as `patch`. */
  readonly verb: string;
  /** Plural resource name, such as `secrets` or `pods/log`. */
  readonly resource: string;
  readonly namespace: string;
  /** Name of the object, where the call named one. */
  readonly objectName: string | undefined;

  /** Works across copies of this package. */
  static is(value: unknown): value is KubernetesForbiddenError {
    return (
      ServiceUnavailableError.is(value) &&
      'verb' in value &&
      'resource' in value
    );
  }

  constructor(
    message: string,
    access: {
      verb: string;
      resource: string;
      namespace: string;
      objectName?: string;
    },
  ) {
    super(message);
    this.verb = access.verb;
    this.resource = access.resource;
    this.namespace = access.namespace;
    this.objectName = access.objectName;
  }
}

/**
 * Reads a Status object; `undefined` where a proxy or another server answered with HTML, text or other JSON.
 *
 * @internal
 */
export function decodeStatus(
  body: unknown,
  httpStatus: number,
): KubernetesStatus | undefined {
  const status = asObject(typeof body === 'string' ? parseJson(body) : body);
  if (status?.kind !== 'Status') {
    return undefined;
  }
  const causes = asObject(status.details)?.causes;
  return {
    code: typeof status.code === 'number' ? status.code : httpStatus,
    reason: text(status.reason),
    message: text(status.message),
    causes: (Array.isArray(causes) ? causes : []).map(cause => ({
      reason: text(asObject(cause)?.reason),
      message: text(asObject(cause)?.message),
      field: text(asObject(cause)?.field),
    })),
  };
}

/**
 * The error for an answer that is not a success. It has no numeric status, which Backstage would pass on to the browser,
 * and quotes no object.
 *
 * @internal
 */
export function errorFromResponse(
  call: KubernetesCall,
  response: Pick<HttpResponse, 'status' | 'headers' | 'body'>,
): Error {
  const status = decodeStatus(response.body, response.status);
  if (status) {
    return errorFromStatus(call, status);
  }
  if (response.status === 403) {
    return forbidden(call, unexpectedAnswer(response));
  }
  // Without a Status, even a 404 says nothing about the object: the answer is not the API server's.
  return withFailure(
    new ServiceUnavailableError(
      `${describeCall(call)}: ${unexpectedAnswer(response)}`,
    ),
    { kind: failureKindOf(response.status), status: response.status },
  );
}

/** @internal */
export function errorFromStatus(
  call: KubernetesCall,
  status: KubernetesStatus,
): Error {
  const said = scrubMessage(status.message, call.sent) || status.reason;
  switch (status.code) {
    case 400:
    case 413:
    case 422:
      return new InputError(`${describeCall(call)}: ${invalid(call, status)}`);
    case 401:
      return withFailure(
        withRemedy(
          new ServiceUnavailableError(
            `${describeCall(
              call,
            )}: the cluster does not accept the configured credentials (${said}). Check that the token or certificate has not expired`,
          ),
          'Check that the token or certificate configured for the cluster is valid and has not expired.',
        ),
        { kind: 'credentials-refused', status: status.code },
      );
    case 403:
      return forbidden(call, said);
    case 404:
      return new NotFoundError(`${describeCall(call)}: ${said}`);
    case 409:
      return new ConflictError(`${describeCall(call)}: ${said}`);
    case 410:
      return new ConflictError(
        `${describeCall(call)}: the resource version has expired (${said})`,
      );
    case 429:
      return withFailure(
        new ServiceUnavailableError(
          `${describeCall(call)}: the cluster is too busy (${said})`,
        ),
        { kind: 'overloaded', status: status.code },
      );
    default:
      return withFailure(
        new ServiceUnavailableError(
          `${describeCall(call)}: the cluster answered ${status.code} ${said}`,
        ),
        { kind: failureKindOf(status.code), status: status.code },
      );
  }
}

/** A call in words: `cannot patch secrets "x" in namespace "hoop" (https://cluster:6443)`. @internal */
export function describeCall(call: KubernetesCall): string {
  const object = call.name ? `${call.resource} "${call.name}"` : call.resource;
  return `cannot ${call.verb} ${object} in namespace "${call.namespace}" (${call.server})`;
}

/** Describes an answer that is not from the Kubernetes API, without quoting it. @internal */
export function unexpectedAnswer(
  response: Pick<HttpResponse, 'status' | 'headers'>,
): string {
  const type = response.headers['content-type']?.split(';')[0];
  return `expected an answer from the Kubernetes API, found ${
    response.status
  } with ${type ?? 'no content type'}`;
}

function forbidden(call: KubernetesCall, said: string): Error {
  return new KubernetesForbiddenError(`${describeCall(call)}: ${said}`, {
    verb: call.verb,
    resource: call.resource,
    namespace: call.namespace,
    objectName: call.name,
  });
}

/**
 * Makes a server's message safe to show. API servers quote what they refuse (`Invalid value: "…"`), and some decoders quote
 * the surrounding bytes of the request. So values that we sent, and everything after a quotation of the request, are
 * removed.
 *
 * @param sent - the body of the request, if it had one
 * @internal
 */
export function scrubMessage(message: string, sent?: unknown): string {
  const shown = message.replace(/error found in #\d+ byte of [\s\S]*$/, '');
  return oneLine(conceal(shown, valuesIn(sent), '<value>')).slice(0, 500);
}

/** Removes quoted texts from a refusal of an object's contents, which quotes them. */
function withoutQuotations(message: string): string {
  return message
    .replace(/"(?:[^"\\]|\\.)*"?/g, '"…"')
    .replace(/`[^`]*`?/g, '"…"');
}

function valuesIn(body: unknown, within = false): string[] {
  if (typeof body === 'string') {
    // A value of a Secret is sent as base64; a message may quote either form.
    return within ? [body, Buffer.from(body, 'base64').toString('utf8')] : [];
  }
  if (body === null || typeof body !== 'object') {
    return [];
  }
  return Object.entries(body).flatMap(([key, value]) =>
    valuesIn(value, within || VALUE_MEMBERS.includes(key)),
  );
}

/** The invalid fields of an object with the reasons, without the values that the server's causes quote. */
function invalid(call: KubernetesCall, status: KubernetesStatus): string {
  const causes = status.causes.map(cause =>
    [cause.field, withoutQuotations(cause.message) || cause.reason]
      .filter(Boolean)
      .join(': '),
  );
  const all = causes.length
    ? causes.join('; ')
    : withoutQuotations(status.message.split('error found in #')[0]);
  return scrubMessage(all, call.sent) || status.reason || 'invalid';
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

function asObject(value: unknown): Record<string, unknown> | undefined {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : undefined;
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
