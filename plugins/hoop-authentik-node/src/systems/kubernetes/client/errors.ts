import {
  ConflictError,
  InputError,
  NotFoundError,
  ServiceUnavailableError,
} from '@backstage/errors';
import type { HttpResponse } from '../../../http';
import { withRemedy } from '../../../core';
import { scrubMessage, withoutQuotations } from './scrub';

/**
 * What was asked of the API server, for messages.
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
  /** The body of the request: never shown, but searched for in what the server answers. */
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
 * The cluster knows who we are and refuses the call: RBAC, a quota or an admission rule. It has the name of a
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
 * Reads a Status object; `undefined` where a proxy or another server answered instead, with HTML, text or other JSON.
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
 * The error for an answer that is not a success. It never has a numeric status of its own, which Backstage would pass
 * on to the browser, and never quotes an object.
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
  // Without a Status, even a 404 says nothing about the object: something else than the API server answered.
  return new ServiceUnavailableError(
    `${describeCall(call)}: ${unexpectedAnswer(response)}`,
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
      return withRemedy(
        new ServiceUnavailableError(
          `${describeCall(
            call,
          )}: the cluster does not accept the configured credentials (${said}); check that the token or certificate has not expired`,
        ),
        'Check that the token or certificate configured for the cluster is valid and has not expired, then refresh.',
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
      return new ServiceUnavailableError(
        `${describeCall(call)}: the cluster is too busy (${said})`,
      );
    default:
      return new ServiceUnavailableError(
        `${describeCall(call)}: the cluster answered ${status.code} ${said}`,
      );
  }
}

/** A call in words: `cannot patch secrets "x" in namespace "hoop" (https://cluster:6443)`. @internal */
export function describeCall(call: KubernetesCall): string {
  const object = call.name ? `${call.resource} "${call.name}"` : call.resource;
  return `cannot ${call.verb} ${object} in namespace "${call.namespace}" (${call.server})`;
}

/** Says what answered, without quoting it. @internal */
export function unexpectedAnswer(
  response: Pick<HttpResponse, 'status' | 'headers'>,
): string {
  const type = response.headers['content-type']?.split(';')[0];
  return `expected an answer of the Kubernetes API, found ${
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
 * What is wrong with an object: the fields and why, which is what the causes say. Their messages quote the value that
 * was found, so quotations are left out.
 */
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
