import { InputError, ServiceUnavailableError } from '@backstage/errors';
import {
  failureKindOf,
  oneLine,
  redact,
  type SecretValue,
  withFailure,
  withRemedy,
} from '../../core';

/**
 * The gateway rejects the API key, or does not allow it the request. A `ServiceUnavailableError` by name.
 *
 * @internal
 */
export class GatewayKeyRefusedError extends ServiceUnavailableError {}

/** The request for the stored configuration that a response belongs to. @internal */
export interface AuthConfigCall {
  /** Names the gateway. */
  system: string;
  method: 'GET' | 'PUT';
  path: string;
  /** Everything secret that was sent; no message may quote it. */
  secrets: readonly SecretValue[];
}

/** Longest message of the gateway that is repeated. */
const MAX_DETAIL = 300;

const KEY_NEEDED =
  "expected an administrator's key as the gateway's apiKey in app-config";

const VALID_KEY =
  "Set the gateway's apiKey in app-config to the key of a gateway administrator.";

/**
 * The error for a response that is not a configuration. A rejected key is a `ServiceUnavailableError`, so that the
 * portal's user does not seem to be signed out. The gateway's message is only repeated if it explains why it rejects a
 * configuration, and without anything secret that was sent.
 *
 * @internal
 */
export function authConfigError(
  call: AuthConfigCall,
  answer: { status: number; message: string | undefined },
): Error {
  const prefix = `${call.system}: ${call.method} ${call.path}:`;
  const detail = answer.message
    ? ` (${shown(answer.message, call.secrets)})`
    : '';
  switch (answer.status) {
    case 400:
      return new InputError(
        `${prefix} the gateway rejected the configuration and stored nothing${detail}. It must be able to load the issuer: check that the gateway itself reaches authentik and trusts its certificate.`,
      );
    case 401:
      return withRemedy(
        new GatewayKeyRefusedError(
          `${prefix} the gateway rejected the API key: ${KEY_NEEDED}, found one that is unknown, revoked or from another gateway. Keys that start with hpk_ require 1.59.0 or newer.`,
        ),
        VALID_KEY,
      );
    case 403:
      return withRemedy(
        new GatewayKeyRefusedError(
          `${prefix} the API key does not permit this: ${KEY_NEEDED}, found one outside the administrators' group, or a gateway for several organizations (ORG_MULTI_TENANT), which stores no configuration.`,
        ),
        VALID_KEY,
      );
    case 422:
      return new InputError(
        `${prefix} the gateway does not understand the configuration and stored nothing${detail}. Expected the fields of Hoop 1.148: check the gateway's version.`,
      );
    case 200:
    case 404:
      return new ServiceUnavailableError(
        `${prefix} expected the stored configuration, found ${
          answer.status === 200 ? 'something else' : 'no such endpoint'
        }: check the URL, and that the gateway is 1.38.3 or newer.`,
      );
    default:
      return withFailure(
        new ServiceUnavailableError(
          `${prefix} the gateway answered ${answer.status}${detail}. While it cannot load its identity provider, it rejects every key: check its log.`,
        ),
        { kind: failureKindOf(answer.status), status: answer.status },
      );
  }
}

/** Redacted before it is cut, because a piece of a secret would no longer be recognized. */
function shown(message: string, secrets: readonly SecretValue[]): string {
  const text = oneLine(redact(message, secrets));
  return text.length > MAX_DETAIL ? `${text.slice(0, MAX_DETAIL)}…` : text;
}
