import { BROKEN_CONNECTIONS } from '../core';
import type { HttpResponse } from './HttpResponse';
import type { HttpRequest } from './types';

type Outcome = HttpResponse | { error: unknown };

/** Statuses of a temporary refusal. */
const TEMPORARY_STATUSES = [429, 502, 503, 504];

/** Network errors after which the same read may succeed. */
const TEMPORARY_CODES = [
  ...BROKEN_CONNECTIONS,
  'EAI_AGAIN',
  'UND_ERR_CONNECT_TIMEOUT',
];

const BASE_DELAY_MS = 200;
const MAX_DELAY_MS = 5_000;

/**
 * Whether to retry: a read after a temporary status or a broken connection, any request that a Kubernetes API server was too
 * busy to carry out, which it says in plain text and with a time to wait. A refused connection, an unknown host or a missed
 * deadline is reported immediately.
 *
 * @internal
 */
export function shouldRetry(
  method: HttpRequest['method'],
  outcome: Outcome,
): boolean {
  if ('error' in outcome) {
    const code = (outcome.error as NodeJS.ErrnoException | undefined)?.code;
    return (
      method === 'GET' && code !== undefined && TEMPORARY_CODES.includes(code)
    );
  }
  return method === 'GET'
    ? TEMPORARY_STATUSES.includes(outcome.status)
    : outcome.status === 429 &&
        outcome.mediaType === 'text/plain' &&
        outcome.retryAfter !== undefined;
}

/**
 * Milliseconds to wait before the next attempt: what `Retry-After` asks for (RFC 9110, 10.2.3: seconds or a date), else
 * exponential back-off with full jitter. `undefined` where the server asks for more than five seconds, which is longer than
 * our caller can wait.
 *
 * @param attempt - number of the attempt that just failed, from 1
 * @internal
 */
export function retryDelayMs(
  outcome: Outcome,
  attempt: number,
  random: () => number = Math.random,
  now: number = Date.now(),
): number | undefined {
  const asked = 'error' in outcome ? undefined : outcome.retryAfter;
  if (asked) {
    const ms = /^\d+$/.test(asked)
      ? Number(asked) * 1000
      : Date.parse(asked) - now;
    if (Number.isFinite(ms)) {
      return ms > MAX_DELAY_MS ? undefined : Math.max(ms, 0);
    }
  }
  return random() * Math.min(BASE_DELAY_MS * 2 ** attempt, MAX_DELAY_MS);
}
