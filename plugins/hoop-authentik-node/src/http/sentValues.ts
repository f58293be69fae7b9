import { ForeignTextFormatter, SecretValue } from '../core';
import { parseJson } from './json';
import type { HttpRequest } from './types';

/** The parts of a request that say what was sent. @internal */
export type SentRequest = Pick<
  HttpRequest,
  'headers' | 'query' | 'body' | 'plain'
>;

/** Headers whose values are words of the protocol, or a name. Any other may carry a credential. */
const PLAIN_HEADERS = [
  ...['accept', 'accept-language', 'content-type', 'referer', 'host'],
  'backstage-kubernetes-cluster',
  ...['x-forwarded-host', 'x-forwarded-port', 'x-forwarded-proto'],
];

/** Shorter parts of a header are its scheme, such as `Bearer`, or the name of a cookie. */
const SHORTEST_CREDENTIAL = 8;

/**
 * Makes texts that answer a request fit for messages, without anything that was sent.
 *
 * @internal
 */
export function formatterOf(
  sent: SentRequest,
  secrets: readonly SecretValue[] = [],
): ForeignTextFormatter {
  const hidden = sentValues(sent);
  return new ForeignTextFormatter({
    secrets: [...hidden.secrets, ...secrets],
    values: hidden.values,
  });
}

/**
 * What was sent and must not be shown: the headers that may be credentials, and every string in the query and the body.
 */
function sentValues({
  headers = {},
  query = {},
  body,
  plain = [],
}: SentRequest): { secrets: SecretValue[]; values: string[] } {
  const credentials = Object.entries(headers)
    .filter(([name]) => !PLAIN_HEADERS.includes(name.toLowerCase()))
    .flatMap(([, value]) => [value, ...value.split(/[\s;=]+/)])
    .filter(({ length }) => length >= SHORTEST_CREDENTIAL);
  const values = [
    ...Object.values(query).flatMap(value => value ?? []),
    ...(body ? stringsOfBody(body) : []),
  ].filter(value => !plain.includes(value));
  return {
    secrets: [...new Set(credentials)].map(value => new SecretValue(value)),
    values: [...new Set(values.flatMap(asStored))],
  };
}

function stringsOfBody(body: string): string[] {
  const parsed = parseJson(body);
  return parsed === undefined
    ? [body, ...new URLSearchParams(body).values()]
    : stringsIn(parsed);
}

function stringsIn(value: unknown): string[] {
  if (typeof value === 'string') {
    return [value];
  }
  return typeof value === 'object' && value !== null
    ? Object.values(value).flatMap(stringsIn)
    : [];
}

/** A value of a Secret is sent as base64; a message may quote either form. */
function asStored(value: string): string[] {
  return /^[A-Za-z0-9+/]{8,}={0,2}$/.test(value) && value.length % 4 === 0
    ? [value, Buffer.from(value, 'base64').toString('utf8')]
    : [value];
}
