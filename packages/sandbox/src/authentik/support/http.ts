import type { IncomingMessage } from 'node:http';
import { errorPage } from './html';
import type { Json, JsonObject } from '../../json';
import { isJsonObject } from '../../json';

/**
 * An answer before it is written to the socket.
 *
 * @internal
 */
export interface Answer {
  status: number;
  headers: Record<string, string | string[]>;
  body: string;
}

/** @internal */
export const HTML = 'text/html; charset=utf-8';

/** @internal */
export function jsonAnswer(
  status: number,
  body: Json | JsonObject,
  headers: Record<string, string> = {},
): Answer {
  return {
    status,
    headers: { 'Content-Type': 'application/json', ...headers },
    body: JSON.stringify(body),
  };
}

/** @internal */
export function htmlAnswer(
  status: number,
  body: string,
  headers: Record<string, string> = {},
): Answer {
  return { status, headers: { 'Content-Type': HTML, ...headers }, body };
}

/** @internal */
export function redirectAnswer(location: string): Answer {
  return {
    status: 302,
    headers: { 'Content-Type': HTML, Location: location },
    body: '',
  };
}

/** @internal */
export function notFoundPage(): Answer {
  return htmlAnswer(404, errorPage('Not Found'));
}

/**
 * What a server error or an unknown URL looks like. The error views of authentik only know
 * GET, so any other method gets an empty 405 instead of the error page.
 *
 * @internal
 */
export function errorView(method: string, status: 404 | 500): Answer {
  if (method === 'GET' || method === 'HEAD' || method === 'OPTIONS') {
    return status === 404
      ? notFoundPage()
      : htmlAnswer(500, errorPage('Server Error'));
  }
  return htmlAnswer(405, '', { Allow: 'GET, HEAD, OPTIONS' });
}

/** @internal */
export interface RawRequest {
  method: string;
  /** Path without the query. */
  path: string;
  /** Query exactly as sent, without the question mark. */
  rawQuery: string;
  query: URLSearchParams;
  headers: IncomingMessage['headers'];
  body: Buffer;
  cookies: Map<string, string>;
  /** Scheme and host the caller used; links and issuers are built from it. */
  baseUrl: string;
  clientIp: string;
}

/** @internal */
export async function readRequest(req: IncomingMessage): Promise<RawRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of req) chunks.push(chunk as Buffer);
  const target = req.url ?? '/';
  const mark = target.indexOf('?');
  const path = mark < 0 ? target : target.slice(0, mark);
  const rawQuery = mark < 0 ? '' : target.slice(mark + 1);
  const proto = String(req.headers['x-forwarded-proto'] ?? 'http')
    .split(',')[0]
    .trim();
  const forwarded = req.headers['x-forwarded-for'];
  return {
    method: req.method ?? 'GET',
    path: safeDecode(path),
    rawQuery,
    query: new URLSearchParams(rawQuery),
    headers: req.headers,
    body: Buffer.concat(chunks),
    cookies: parseCookies(req.headers.cookie),
    baseUrl: `${proto}://${req.headers.host ?? '127.0.0.1'}`,
    clientIp:
      (typeof forwarded === 'string' && forwarded.split(',')[0].trim()) ||
      req.socket.remoteAddress ||
      '127.0.0.1',
  };
}

function safeDecode(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

function parseCookies(header: string | undefined): Map<string, string> {
  const cookies = new Map<string, string>();
  for (const part of (header ?? '').split(';')) {
    const equals = part.indexOf('=');
    if (equals > 0) {
      cookies.set(part.slice(0, equals).trim(), part.slice(equals + 1).trim());
    }
  }
  return cookies;
}

/** @internal */
export function formOf(request: RawRequest): URLSearchParams {
  const type = String(request.headers['content-type'] ?? '');
  if (!type.startsWith('application/x-www-form-urlencoded')) {
    return new URLSearchParams();
  }
  return new URLSearchParams(request.body.toString('utf8'));
}

/** @internal */
export function parseJsonObject(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
