import { IncomingMessage, ServerResponse } from 'node:http';
import { StatusError } from '../status';
import { Identity, refusedVerb } from './authorization';

/** @internal */
export function sendJson(
  res: ServerResponse,
  status: number,
  body: unknown,
  warnings: string[] = [],
): void {
  if (warnings.length > 0) {
    res.setHeader(
      'warning',
      warnings.map(text => `299 - ${JSON.stringify(text)}`),
    );
  }
  res.writeHead(status, { 'content-type': 'application/json' });
  res.end(JSON.stringify(body));
}

/** @internal */
export function sendText(
  res: ServerResponse,
  status: number,
  text: string,
  headers: Record<string, string> = {},
): void {
  res.writeHead(status, {
    'content-type': 'text/plain; charset=utf-8',
    ...headers,
  });
  res.end(text);
}

/** @internal */
export function pathForbidden(identity: Identity, path: string): StatusError {
  return new StatusError(
    403,
    'Forbidden',
    `forbidden: User "${identity.user}" cannot ${refusedVerb(
      identity,
      'get',
    )} path "${path}"`,
    {},
  );
}

/** Whether the client takes an answer in JSON. @internal */
export function accepts({ headers }: IncomingMessage): boolean {
  return (headers.accept ?? '*/*')
    .split(',')
    .some(range =>
      /^\s*(application\/(json|yaml|\*)|\*\/\*)\s*(;|$)/.test(range),
    );
}

/** @internal */
export function notAcceptable(): StatusError {
  return new StatusError(
    406,
    'NotAcceptable',
    '406: Not Acceptable\n\nAvailable representations: application/json',
    {},
  );
}

/** Answers any failure as a Status object. @internal */
export function sendFailure(error: unknown, res: ServerResponse): void {
  const status =
    error instanceof StatusError
      ? error
      : new StatusError(
          500,
          'InternalError',
          `Internal error occurred: ${
            error instanceof Error ? error.message : 'unknown'
          }`,
        );
  if (res.headersSent) {
    res.end();
    return;
  }
  const retryAfter = status.details?.retryAfterSeconds;
  if (retryAfter !== undefined) {
    res.setHeader('retry-after', String(retryAfter));
  }
  sendJson(res, status.code, status.toStatus());
}
