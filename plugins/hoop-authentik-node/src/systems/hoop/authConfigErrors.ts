import { InputError, ServiceUnavailableError } from '@backstage/errors';
import { oneLine, redact, type SecretValue, withRemedy } from '../../core';

/**
 * The gateway does not accept our API key, or not for this. A `ServiceUnavailableError` by name.
 *
 * @internal
 */
export class GatewayKeyRefusedError extends ServiceUnavailableError {}

/** What an answer about the stored configuration is an answer to. @internal */
export interface AuthConfigCall {
  /** Names the gateway. */
  system: string;
  method: 'GET' | 'PUT';
  path: string;
  /** Everything secret that was sent; no message may quote it. */
  secrets: readonly SecretValue[];
}

/** Longest message of the gateway that is passed on. */
const MAX_DETAIL = 300;

const KEY_NEEDED =
  'expected the key of an administrator of the gateway in apiKey of app-config';

const VALID_KEY =
  'Put the key of an administrator of the gateway under apiKey of the gateway in app-config.';

/**
 * The error for an answer that is no configuration. Refusals of our key are `ServiceUnavailableError`s, so that they do
 * not look as if the portal's user were signed out. What the gateway says is passed on only where it explains why it
 * refuses a configuration, and without what was sent.
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
        `${prefix} the gateway refuses the configuration and has stored nothing${detail}. Expected that it can load the issuer: check that the gateway itself reaches authentik and trusts its certificate.`,
      );
    case 401:
      return withRemedy(
        new GatewayKeyRefusedError(
          `${prefix} the gateway does not accept the API key: ${KEY_NEEDED}, found one that is unknown, revoked or of another gateway. Keys that start with hpk_ need 1.59.0 or newer.`,
        ),
        VALID_KEY,
      );
    case 403:
      return withRemedy(
        new GatewayKeyRefusedError(
          `${prefix} the API key may not do this: ${KEY_NEEDED}, found one without the group of administrators, or a gateway for several organizations (ORG_MULTI_TENANT), which stores no configuration.`,
        ),
        VALID_KEY,
      );
    case 422:
      return new InputError(
        `${prefix} the gateway does not understand the configuration and has stored nothing${detail}. Expected the fields of Hoop 1.148: check the version of the gateway.`,
      );
    case 200:
    case 404:
      return new ServiceUnavailableError(
        `${prefix} expected the stored configuration, found ${
          answer.status === 200 ? 'something else' : 'no such endpoint'
        }: check the URL, and that the gateway is 1.38.3 or newer.`,
      );
    default:
      return new ServiceUnavailableError(
        `${prefix} the gateway answered ${answer.status}${detail}. While it cannot load its identity provider it refuses every key: look at its log.`,
      );
  }
}

/** Redacted before it is cut: a piece of a secret would no longer be known as one. */
function shown(message: string, secrets: readonly SecretValue[]): string {
  const text = oneLine(redact(message, secrets));
  return text.length > MAX_DETAIL ? `${text.slice(0, MAX_DETAIL)}…` : text;
}
