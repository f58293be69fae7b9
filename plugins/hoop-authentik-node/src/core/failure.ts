import { isError } from '@backstage/errors';

/** Which of the systems failed. @internal */
export type FailedSystem = 'authentik' | 'kubernetes' | 'gateway';

/**
 * Why a request did not give what was asked for: `unreachable` no answer came, or only that of a proxy in front of the
 * system; `credentials-refused` the system does not accept our token or key; `permission-missing` it does, but not for
 * this; `overloaded` it asks to come back later; `server-error` it failed over the request; `unexpected-answer` something
 * else than the system answers, or in another way than it should.
 *
 * @internal
 */
export type FailureKind =
  | 'unreachable'
  | 'credentials-refused'
  | 'permission-missing'
  | 'overloaded'
  | 'server-error'
  | 'unexpected-answer';

/** What is known of a failure beside its message. @internal */
export interface Failure {
  kind: FailureKind;
  /** Of an HTTP answer. */
  status?: number;
  /** Of a network error, such as `ECONNREFUSED`, or the name of an error without one, such as `TimeoutError`. */
  code?: string;
  /** Where the reader of the error cannot know which system was asked. */
  system?: FailedSystem;
}

/**
 * Notes on an error why it happened, so that nothing has to read its words. It is no part of what a log or an answer
 * shows of the error.
 *
 * @internal
 */
export function withFailure<E extends Error>(error: E, failure: Failure): E {
  return Object.defineProperty(error, 'failure', {
    value: failure,
    configurable: true,
  });
}

/** What was noted with {@link withFailure}, also by another copy of this package. @internal */
export function failureOf(error: unknown): Failure | undefined {
  if (!isError(error)) {
    return undefined;
  }
  const { failure } = error;
  return typeof failure === 'object' && failure !== null && 'kind' in failure
    ? (failure as Failure)
    : undefined;
}

/**
 * Network errors of a connection that ended; a server may close an idle one in the moment in which it is used.
 *
 * @internal
 */
export const BROKEN_CONNECTIONS: readonly string[] = [
  'ECONNRESET',
  'EPIPE',
  'UND_ERR_SOCKET',
];

/** Network errors of a request that was sent, and whose answer did not come. */
const LOST_ANSWERS = ['TimeoutError', ...BROKEN_CONNECTIONS];

/** Whether the connection ended before the answer came. @internal */
export function isBrokenConnection(error: unknown): boolean {
  const { code } = failureOf(error) ?? {};
  return code !== undefined && BROKEN_CONNECTIONS.includes(code);
}

/** Whether a write that failed may have been carried out, or may still be. @internal */
export function mayBeCarriedOut(error: unknown): boolean {
  const { kind, code, status } = failureOf(error) ?? {};
  return (
    kind === 'unreachable' &&
    (status !== undefined ||
      (code !== undefined && LOST_ANSWERS.includes(code)))
  );
}

/**
 * What a status says that no other rule has explained. 502 and 504 are answers of a proxy that does not reach the system,
 * 503 one of either.
 *
 * @internal
 */
export function failureKindOf(
  status: number,
): 'overloaded' | 'unreachable' | 'server-error' | 'unexpected-answer' {
  if (status === 429 || status === 503) {
    return 'overloaded';
  }
  if (status === 502 || status === 504) {
    return 'unreachable';
  }
  return status >= 500 ? 'server-error' : 'unexpected-answer';
}
