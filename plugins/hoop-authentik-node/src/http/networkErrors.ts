import { isError } from '@backstage/errors';
import { ForeignTextFormatter } from '../core';

/** Certificates name hosts, and messages of the network repeat them. */
const FORMATTER = new ForeignTextFormatter();
const MOST_CHARACTERS = 500;

/**
 * The part of a network error that shows an operator what is wrong.
 *
 * @internal
 */
export function describeNetworkError(error: unknown): string {
  if (!isError(error)) {
    return FORMATTER.line(String(error), MOST_CHARACTERS);
  }
  const { code, message } = firstOf(error);
  return FORMATTER.line(
    typeof code === 'string' && !message.includes(code)
      ? `${message} (${code})`
      : message,
    MOST_CHARACTERS,
  );
}

/** The codes of OpenSSL for a certificate that no authority signed that this backend trusts. */
const UNTRUSTED =
  /^(UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|CERT_SIGNATURE_FAILURE|CERT_UNTRUSTED|INVALID_CA)/;

/** What to do about a system that cannot be reached, or does not answer in time. @internal */
export function networkAdvice(error: unknown): string {
  if (isTimeout(error)) {
    return 'Check whether it is overloaded, then try again.';
  }
  return UNTRUSTED.test(codeOf(error) ?? '')
    ? 'Its certificate is not signed by an authority that this backend trusts. If a private authority signed it, or its authority was replaced, name that authority as caFile in app-config (for a cluster, in its kubeconfig) and restart this backend.'
    : 'Check its address in app-config and that this backend can reach it.';
}

/** By which the kind of a network error is known. @internal */
export function codeOf(error: unknown): string | undefined {
  if (!isError(error)) {
    return undefined;
  }
  const { code, name } = firstOf(error);
  return typeof code === 'string' ? code : name;
}

/** Whether a deadline ended the request: the system may work on it still. @internal */
export function isTimeout(error: unknown): boolean {
  return codeOf(error) === 'TimeoutError';
}

/** A host name with several addresses fails with one error for each of them and no message of its own. */
function firstOf(error: Error & { errors?: unknown; code?: unknown }) {
  const [first] = Array.isArray(error.errors) ? error.errors : [];
  return isError(first) ? first : error;
}

/**
 * A network error without received data. Errors of undici carry it, such as the rest of an answer that is not valid HTTP,
 * and causes are logged, stored with a task and sent to browsers.
 *
 * @internal
 */
export function withoutData(error: unknown): Error {
  const cause = new Error(describeNetworkError(error));
  if (isError(error)) {
    cause.name = error.name;
    if (typeof error.code === 'string') {
      Object.assign(cause, { code: error.code });
    }
  }
  return cause;
}
