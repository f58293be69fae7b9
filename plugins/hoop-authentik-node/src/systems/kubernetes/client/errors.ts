import {
  ConflictError,
  InputError,
  NotFoundError,
  ServiceUnavailableError,
} from '@backstage/errors';
import type { HttpResponse } from '../../../http';
import {
  failureKindOf,
  ForeignText,
  type ForeignTextFormatter,
  withFailure,
  withRemedy,
} from '../../../core';
import { describeCall, type KubernetesCall } from './call';
import { errorOfPlugin } from './pluginProxy';
import { decodeStatus, type KubernetesStatus } from './status';

/** Longest text of the server that is repeated. */
const MOST_CHARACTERS = 500;

/** The words of a webhook or a ValidatingAdmissionPolicy, which may choose any code. */
const DENIED = /\bdenied (?:the )?request\b/;

/** The API server's own words, which quote no object. Recorded on Kubernetes 1.36. */
const LACKS_DRY_RUN = /^admission webhook "[^"]*" does not support dry run$/;

/** The words of RBAC and other authorizers. */
const LACKS_RIGHT = /\bUser ".*" cannot /;

/**
 * The cluster knows our identity and refuses the call: RBAC, a quota, an admission webhook or a policy. It has the name of a
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
  /** Our account may make the call: a quota, a webhook or a policy refuses what it would store. */
  readonly byAdmission: boolean;

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
      byAdmission?: boolean;
    },
  ) {
    super(message);
    this.verb = access.verb;
    this.resource = access.resource;
    this.namespace = access.namespace;
    this.objectName = access.objectName;
    this.byAdmission = access.byAdmission ?? false;
  }
}

/**
 * The error for an answer that is not a success. It has no numeric status, which Backstage would pass on to the browser,
 * and quotes no object.
 *
 * @internal
 */
export function errorFromResponse(
  call: KubernetesCall,
  response: HttpResponse,
): Error {
  const status = decodeStatus(response.json(), response.status);
  if (status) {
    return errorFromStatus(call, status, response.formatter());
  }
  const ofPlugin = errorOfPlugin(call, response);
  if (ofPlugin) {
    return ofPlugin;
  }
  if (response.status === 403) {
    return forbidden(call, unexpectedAnswer(response), false);
  }
  // Without a Status, even a 404 says nothing about the object: the answer is not the API server's.
  return withFailure(
    new ServiceUnavailableError(
      `${describeCall(call)}: ${unexpectedAnswer(response)}`,
    ),
    { kind: failureKindOf(response.status), status: response.status },
  );
}

/**
 * @param formatter - of the answer that the Status came with
 * @internal
 */
export function errorFromStatus(
  call: KubernetesCall,
  status: KubernetesStatus,
  formatter: ForeignTextFormatter,
): Error {
  const said = `${status.code}: ${shownMessage(status, formatter)}`;
  if (DENIED.test(status.message)) {
    return forbidden(call, said, true);
  }
  switch (status.code) {
    case 400:
    case 413:
    case 422:
      return new InputError(
        `${describeCall(call)}: ${status.code}: ${invalid(status, formatter)}`,
      );
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
      return forbidden(call, said, !LACKS_RIGHT.test(status.message));
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
          `${describeCall(call)}: the cluster answered ${said}`,
        ),
        { kind: failureKindOf(status.code), status: status.code },
      );
  }
}

/** Describes an answer that is not from the Kubernetes API, without quoting it. @internal */
export function unexpectedAnswer(response: HttpResponse): string {
  return `expected an answer from the Kubernetes API, found ${response.describe()}`;
}

function forbidden(
  call: KubernetesCall,
  said: string,
  byAdmission: boolean,
): Error {
  return new KubernetesForbiddenError(`${describeCall(call)}: ${said}`, {
    verb: call.verb,
    resource: call.resource,
    namespace: call.namespace,
    objectName: call.name,
    byAdmission,
  });
}

/** Some decoders quote the surrounding bytes of the request. */
const QUOTED_REQUEST = /error found in #\d+ byte of [\s\S]*$/;

function shownMessage(
  { message, reason }: KubernetesStatus,
  formatter: ForeignTextFormatter,
) {
  const said = new ForeignText(message.replace(QUOTED_REQUEST, ''));
  return (
    formatter.quote(said, MOST_CHARACTERS) ||
    formatter.quote(new ForeignText(reason), MOST_CHARACTERS)
  );
}

/** Removes quoted texts from a refusal of an object's contents, which quotes them. */
function withoutQuotations(message: string): string {
  return message
    .replace(/"(?:[^"\\]|\\.)*"?/g, '"…"')
    .replace(/`[^`]*`?/g, '"…"');
}

/** The invalid fields of an object with the reasons, without the values that the server's causes quote. */
function invalid(
  status: KubernetesStatus,
  formatter: ForeignTextFormatter,
): string {
  if (LACKS_DRY_RUN.test(status.message)) {
    return shownMessage(status, formatter);
  }
  const causes = status.causes.map(cause =>
    [cause.field, withoutQuotations(cause.message) || cause.reason]
      .filter(Boolean)
      .join(': '),
  );
  const all = causes.length
    ? causes.join('; ')
    : withoutQuotations(status.message);
  const said = new ForeignText(all.replace(QUOTED_REQUEST, ''));
  return (
    formatter.quote(said, MOST_CHARACTERS) ||
    formatter.quote(new ForeignText(status.reason), MOST_CHARACTERS) ||
    'invalid'
  );
}
