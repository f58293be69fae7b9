import { HttpResponse } from '../HttpResponse';
import type { HttpRequest } from '../types';

/**
 * An answer as a system gives it; a body that is not a string is JSON.
 *
 * @internal
 */
export function answerOf(
  received: {
    status: number;
    headers?: Record<string, string | string[]>;
    body?: unknown;
  },
  sent: Partial<HttpRequest> = {},
): HttpResponse {
  const { status, headers = {}, body = '' } = received;
  const plain = typeof body === 'string';
  return new HttpResponse(
    {
      status,
      headers: plain
        ? headers
        : { 'content-type': 'application/json', ...headers },
      body: plain ? body : JSON.stringify(body),
      isExpected: (sent.expect ?? [200]).includes(status),
    },
    sent,
  );
}
