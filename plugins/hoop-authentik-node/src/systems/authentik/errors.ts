import {
  ConflictError,
  InputError,
  NotFoundError,
  ServiceUnavailableError,
} from '@backstage/errors';
import type { HttpRequest, HttpResponse } from '../../http';
import { PERMISSIONS } from './permissions';
import {
  failureKindOf,
  ForeignText,
  type SecretValue,
  withFailure,
  withRemedy,
} from '../../core';

/**
 * The token lacks a permission for the request. A `ServiceUnavailableError` by name too, so that Backstage answers 503:
 * the portal's service account lacks the permission, not the person using the portal.
 *
 * @public
 */
export class AuthentikPermissionError extends ServiceUnavailableError {
  /** Codename such as `authentik_core.view_application`, if it is known. */
  readonly permission: string | undefined;

  constructor(message: string, permission?: string) {
    super(message);
    this.permission = permission;
  }
}

/**
 * authentik failed to process the request, or there is no such URL: it answers both alike. Whether a write took effect
 * is unknown; on versions before 2026 the losers of a race to create the same object also receive this, so callers read
 * again. A `ServiceUnavailableError` by name.
 *
 * @internal
 */
export class AuthentikServerError extends ServiceUnavailableError {}

/**
 * The request that a response belongs to.
 *
 * @internal
 */
export interface AnsweredCall {
  /** Names the instance. */
  system: string;
  method: HttpRequest['method'];
  /** Without the query. */
  path: string;
  /** What the token needs for this call, if anything. */
  permission?: string;
  /** For a refusal, whether the token is accepted elsewhere; `undefined` where that is not known. */
  tokenAccepted?: boolean;
  /** Secrets that the answer may quote, besides everything that was sent. */
  secrets: readonly SecretValue[];
}

/** Longest message of the server that is repeated. */
const MAX_DETAIL = 1_000;
const MOST_MESSAGES = 20;

/** What to do about a refused token. @internal */
export const VALID_TOKEN: string =
  'Set hoopAuthentik.authentik[].token to a valid API token (intent api, of an active user). Where app-config has tokenFile or oauth instead, check what they give.';
/** What the transactional endpoint refuses to create, by the member of the request. */
const REFUSED_PARTS: Record<string, string> = {
  app: PERMISSIONS.addApplication,
  provider: PERMISSIONS.addProvider,
  null: PERMISSIONS.addBinding,
};
/**
 * Fields that have to be unique, by the end of their names, and what authentik answers over the same binding twice. Words
 * are in the language of the server and say nothing; what else may be wrong with such a field shows when it is sent again.
 */
const UNIQUE = /(^|\.)(slug|name|client_id|provider)$|^None\./;

/**
 * Turns an unsuccessful response into an error, by its status, its fields and their position: its words may be of any
 * language. The errors carry no status, because the server's status must not become
 * the portal's: a rejected token makes the portal unavailable, not its user unauthorized.
 *
 * @internal
 */
export function errorFromAnswer(
  call: AnsweredCall,
  answer: HttpResponse,
): Error {
  const id = answer.requestId;
  const asked = `${call.system}: ${call.method} ${call.path}${
    id ? ` [X-authentik-id ${id}]` : ''
  }`;
  const messages = flattenMessages(answer.json());
  const detail = detailOf(answer, messages, call.secrets);
  const { status } = answer;

  if (status === 401 || status === 403) {
    return refusal(call, asked, answer, messages, detail);
  }
  if (status === 400) {
    const text = `${asked} was rejected (400): ${detail ?? 'no reason given'}`;
    const taken =
      call.method !== 'GET' &&
      messages.length > 0 &&
      messages.every(
        ({ field }) =>
          UNIQUE.test(field) ||
          (field === '' && call.path.endsWith('/policies/bindings/')),
      );
    return taken ? new ConflictError(text) : new InputError(text);
  }
  if (status === 404 && detail !== undefined) {
    return new NotFoundError(`${asked} (404): ${detail}`);
  }
  if (status === 404) {
    return new ServiceUnavailableError(
      `${asked} (404): no authentik API at this URL; check baseUrl in hoopAuthentik.authentik[]`,
    );
  }
  if (status === 405) {
    return detail === undefined
      ? withCause(
          new AuthentikServerError(
            `${asked} (405): server error or unknown URL`,
          ),
          "HTTP 405 without a body, which is authentik's answer to both",
        )
      : new ServiceUnavailableError(
          `${asked} (405): this version of authentik does not support the request: ${detail}`,
        );
  }
  if (status === 409) {
    return new ConflictError(
      `${asked} was rejected (409): ${detail ?? 'conflict'}`,
    );
  }
  if (answer.isRedirect) {
    return new ServiceUnavailableError(
      `${asked} (${status}): redirected to ${answer.showPlace()}; ` +
        'set baseUrl in hoopAuthentik.authentik[] to the URL at which authentik itself answers',
    );
  }
  if (status === 429 || status >= 500) {
    // The text of a server error is not quoted, because it can contain anything.
    const error = withFailure(
      status === 429
        ? new ServiceUnavailableError(`${asked} (429): too many requests`)
        : new AuthentikServerError(
            `${asked} (${status}): ${
              status === 502 || status === 504
                ? 'a proxy in front of authentik got no answer from it'
                : 'server error'
            }`,
          ),
      { kind: failureKindOf(status), status },
    );
    const wait = answer.retryAfter;
    return withCause(
      error,
      `HTTP ${status}${wait ? `, retry after ${wait}` : ''}`,
    );
  }
  return withCause(
    new ServiceUnavailableError(
      `${asked}: unexpected response, ${answer.describe()}${
        detail === undefined ? '' : `: ${detail}`
      }`,
    ),
    `HTTP ${status}`,
  );
}

function refusal(
  call: AnsweredCall,
  asked: string,
  { status }: HttpResponse,
  messages: Message[],
  detail: string | undefined,
): Error {
  const part = REFUSED_PARTS[messages[0]?.field ?? ''];
  if (part === undefined && call.tokenAccepted === false) {
    return withFailure(
      withRemedy(
        new ServiceUnavailableError(
          `${asked}: authentik rejected the API token (${status}: ${detail}). ${VALID_TOKEN}`,
        ),
        VALID_TOKEN,
      ),
      { kind: 'credentials-refused', status },
    );
  }
  if (part !== undefined || call.tokenAccepted) {
    const permission = part ?? call.permission;
    const view = permission && viewPermissionOf(permission);
    return new AuthentikPermissionError(
      permission === undefined
        ? `${asked} (${status}): the token lacks a permission: ${detail}`
        : `${asked} (${status}): the token's user lacks the permission ${permission}${
            view ? ` or ${view}, which is also required` : ''
          }; grant it globally through a role`,
      permission,
    );
  }
  return withFailure(
    new ServiceUnavailableError(
      `${asked}: refused (${status})${
        detail === undefined
          ? ', but not in the way authentik refuses; check whether a proxy in front of it did'
          : `: ${detail}`
      }`,
    ),
    {
      kind: status === 401 ? 'credentials-refused' : 'unexpected-answer',
      status,
    },
  );
}

/**
 * The permission to view the objects that another permission concerns: `app.change_x` needs `app.view_x`.
 */
function viewPermissionOf(permission: string): string | undefined {
  const view = permission.replace(/\.(change|delete)_/, '.view_');
  return view === permission ? undefined : view;
}

/**
 * One message of the server and the field it concerns.
 *
 * @internal
 */
export interface Message {
  /** Such as `provider.redirect_uris.0.url`; empty if the message concerns no field. */
  field: string;
  text: string;
}

/** Keys for messages that concern no field. */
const FIELDLESS = ['detail', 'non_field_errors'];

/**
 * Collects the messages of an error body. Django REST framework nests them as deep as the request, lists as arrays with
 * empty objects for valid items (up to 3.17) or as objects by index (3.18), and some views answer a bare string where
 * others answer a list.
 *
 * @internal
 */
export function flattenMessages(body: unknown, field = ''): Message[] {
  if (typeof body === 'string') {
    return body === '' ? [] : [{ field, text: body }];
  }
  if (Array.isArray(body)) {
    return body.flatMap((item, index) =>
      flattenMessages(
        item,
        typeof item === 'string' ? field : join(field, `${index}`),
      ),
    );
  }
  if (typeof body === 'object' && body !== null) {
    return Object.entries(body).flatMap(([key, value]) =>
      flattenMessages(
        value,
        FIELDLESS.includes(key) ? field : join(field, key),
      ),
    );
  }
  return [];
}

function join(field: string, key: string): string {
  return field === '' ? key : `${field}.${key}`;
}

function detailOf(
  answer: HttpResponse,
  messages: Message[],
  secrets: readonly SecretValue[],
): string | undefined {
  if (messages.length === 0) {
    return undefined;
  }
  const formatter = answer.formatter(secrets);
  const text = messages
    .slice(0, MOST_MESSAGES)
    .map(message =>
      formatter.quote(
        new ForeignText(
          message.field === ''
            ? message.text
            : `${message.field}: ${message.text}`,
        ),
      ),
    )
    .filter(Boolean)
    .join('; ');
  return text.length > MAX_DETAIL ? `${text.slice(0, MAX_DETAIL)}…` : text;
}

/**
 * Adds technical detail as the cause, which the message does not repeat.
 *
 * @internal
 */
export function withCause<E extends Error>(error: E, reason: string): E {
  return Object.assign(error, { cause: new Error(reason) });
}
