import {
  ConflictError,
  InputError,
  NotFoundError,
  ServiceUnavailableError,
} from '@backstage/errors';
import type { HttpRequest, HttpResponse } from '../../http';
import { oneLine, redact, type SecretValue, withRemedy } from '../../core';
import { viewPermissionOf } from './permissions';

/**
 * The token may not do what was asked of it. A `ServiceUnavailableError` by name too, so that Backstage answers 503:
 * what is missing is a right of the portal's service account, not one of the person using the portal.
 *
 * @public
 */
export class AuthentikPermissionError extends ServiceUnavailableError {
  /** Codename such as `authentik_core.view_application`, where it is known. */
  readonly permission: string | undefined;

  constructor(message: string, permission?: string) {
    super(message);
    this.permission = permission;
  }
}

/**
 * authentik failed over the request, or there is no such URL: authentik answers both alike. Whether a write took effect
 * is unknown; on versions before 2026 this is also what the losers of a race to create the same object are answered, so
 * that the thing to do is to read again. A `ServiceUnavailableError` by name.
 *
 * @public
 */
export class AuthentikServerError extends ServiceUnavailableError {}

/**
 * What an answer is an answer to.
 *
 * @internal
 */
export interface AnsweredCall {
  /** Names the instance. */
  system: string;
  method: HttpRequest['method'];
  /** Without the query. */
  path: string;
  /** What the token needs for this call, where it needs anything. */
  permission?: string;
  /** Everything secret that was sent; no message may quote it. */
  secrets: readonly SecretValue[];
}

/** Longest message of the server that is passed on. */
const MAX_DETAIL = 1_000;

const TOKEN_REFUSED =
  /token invalid|credentials were not provided|unsupported authentication/i;
const VALID_TOKEN =
  'Put a valid API token (intent api, of an active user) under hoopAuthentik.authentik[].token.';
const NOT_PERMITTED = /do not have permission|lacks? permission/i;
/** The transactional endpoint names the model instead: `User lacks permission to create authentik_core.application`. */
const LACKS_ADD = /lacks permission to create (\w+)\.(\w+)/i;
const TAKEN = /already exists|exists already|must be unique|unique set/i;

/**
 * Turns an answer that is not the wanted one into an error. Statuses of the server never become statuses of ours: the
 * errors carry none, and a refusal of our token is our own unavailability.
 *
 * @internal
 */
export function errorFromAnswer(
  call: AnsweredCall,
  answer: HttpResponse,
): Error {
  const asked = `${call.system}: ${call.method} ${call.path}`;
  const messages = flattenMessages(jsonOf(answer));
  const detail = detailOf(messages, call.secrets);
  const { status } = answer;

  if (status === 401 || status === 403) {
    return refusal(call, asked, messages, detail);
  }
  if (status === 400) {
    const text = `${asked} was rejected: ${detail ?? 'no reason given'}`;
    const taken =
      messages.length > 0 && messages.every(({ text: t }) => TAKEN.test(t));
    return taken ? new ConflictError(text) : new InputError(text);
  }
  if (status === 404 && detail !== undefined) {
    return new NotFoundError(`${asked}: ${detail}`);
  }
  if (status === 404) {
    return new ServiceUnavailableError(
      `${asked}: there is no authentik API at this URL; check baseUrl in hoopAuthentik.authentik[]`,
    );
  }
  if (status === 405) {
    return detail === undefined
      ? withCause(
          new AuthentikServerError(`${asked}: server error or unknown URL`),
          'HTTP 405 without a body, which authentik answers for both',
        )
      : new ServiceUnavailableError(
          `${asked}: this version of authentik does not know the request: ${detail}`,
        );
  }
  if (status === 409) {
    return new ConflictError(`${asked} was rejected: ${detail ?? 'conflict'}`);
  }
  if (status >= 300 && status < 400) {
    return new ServiceUnavailableError(
      `${asked}: redirected to ${placeOf(answer.headers.location)}; ` +
        'baseUrl in hoopAuthentik.authentik[] must be the URL authentik itself answers at',
    );
  }
  if (status === 429 || status >= 500) {
    // A server error is not quoted: its text is made for nobody in particular and can hold anything.
    const error =
      status === 429
        ? new ServiceUnavailableError(`${asked}: too many requests`)
        : new AuthentikServerError(`${asked}: server error`);
    const wait = answer.headers['retry-after'];
    return withCause(
      error,
      `HTTP ${status}${
        wait && /^[\w ,:]{1,40}$/.test(wait) ? `, retry after ${wait}` : ''
      }`,
    );
  }
  return withCause(
    new ServiceUnavailableError(
      `${asked}: unexpected answer${detail === undefined ? '' : `: ${detail}`}`,
    ),
    `HTTP ${status}`,
  );
}

function refusal(
  call: AnsweredCall,
  asked: string,
  messages: Message[],
  detail: string | undefined,
): Error {
  const texts = messages.map(({ text }) => text).join(' ');
  if (TOKEN_REFUSED.test(texts)) {
    return withRemedy(
      new ServiceUnavailableError(
        `${asked}: authentik refused our token (${detail}). ${VALID_TOKEN}`,
      ),
      VALID_TOKEN,
    );
  }
  if (NOT_PERMITTED.test(texts)) {
    const [, app, model] = LACKS_ADD.exec(texts) ?? [];
    const permission = app ? `${app}.add_${model}` : call.permission;
    const view = permission && viewPermissionOf(permission);
    return new AuthentikPermissionError(
      permission === undefined
        ? `${asked}: the token lacks a permission: ${detail}`
        : `${asked}: the user of the token lacks the permission ${permission}${
            view ? ` or ${view}, which it takes too` : ''
          }; grant it globally by a role`,
      permission,
    );
  }
  return new ServiceUnavailableError(
    `${asked}: refused${
      detail === undefined
        ? ' by something that does not answer as authentik does, such as a proxy in front of it'
        : `: ${detail}`
    }`,
  );
}

/**
 * One message of the server and the field it is about.
 *
 * @internal
 */
export interface Message {
  /** Such as `provider.redirect_uris.0.url`; empty where the message is about no field. */
  field: string;
  text: string;
}

/** Keys that only say that no field is meant. */
const FIELDLESS = ['detail', 'non_field_errors'];

/**
 * Collects the messages of an error body. Django REST framework nests them as deep as the request, lists as arrays with
 * empty objects for the items that are right (up to 3.17) or as objects by index (3.18), and some views answer a bare
 * string where others answer a list.
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
  messages: Message[],
  secrets: readonly SecretValue[],
): string | undefined {
  if (messages.length === 0) {
    return undefined;
  }
  const text = messages
    .map(message =>
      oneLine(
        redact(
          message.field === ''
            ? message.text
            : `${message.field}: ${message.text}`,
          secrets,
        ),
      ),
    )
    .join('; ');
  return text.length > MAX_DETAIL ? `${text.slice(0, MAX_DETAIL)}…` : text;
}

/** The body where it is JSON; a page is not read, since all that is in it is made for browsers. */
function jsonOf(answer: HttpResponse): unknown {
  if (!isJson(answer)) {
    return undefined;
  }
  try {
    return JSON.parse(answer.body);
  } catch {
    // The parser's own error quotes the body, so that it is not passed on.
    return undefined;
  }
}

/** @internal */
export function isJson(answer: HttpResponse): boolean {
  return /\bjson\b/i.test(answer.headers['content-type'] ?? '');
}

/** Where a redirect leads, without the query, which can carry anything. */
function placeOf(location: string | undefined): string {
  return location?.replace(/[?#].*$/s, '') || 'an unnamed place';
}

/**
 * Adds a cause that is kept out of the message, which has said already what matters to the reader.
 *
 * @internal
 */
export function withCause<E extends Error>(error: E, reason: string): E {
  return Object.assign(error, { cause: new Error(reason) });
}
