import { InputError, ServiceUnavailableError } from '@backstage/errors';
import { failureKindOf, withFailure, withRemedy } from '../../core';
import type { HttpResponse } from '../../http';
import { gatewayMessageOf, isProviderNotLoaded } from './gatewayAnswers';

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
}

/** Why a gateway does not load an issuer, by what Go says of it. */
const LOAD_FAILURES: Array<[RegExp, string]> = [
  [/issuer did not match/, 'its discovery document names another issuer'],
  [/x509:|tls:/, 'the gateway does not trust its certificate'],
  [/^\d{3} /, 'it has no discovery document there'],
  [/discovery object|JWKS/, 'its discovery document or keys are not usable'],
  [/dial tcp|EOF|connection|timeout|deadline/, 'the gateway does not reach it'],
];

const KEY_NEEDED =
  "expected an administrator's key as the gateway's apiKey in app-config";

const VALID_KEY =
  "Set the gateway's apiKey in app-config to the key of a gateway administrator.";

/**
 * The error for a response that is not a configuration. A rejected key is a `ServiceUnavailableError`, so that the
 * portal's user does not seem to be signed out. The response is never repeated: it is a configuration with its secrets, or
 * quotes settings, which may have the secret in them as `IDP_URI` does.
 *
 * @internal
 */
export function authConfigError(
  call: AuthConfigCall,
  answer: HttpResponse,
): Error {
  const prefix = `${call.system}: ${call.method} ${call.path}:`;
  switch (answer.status) {
    case 400:
      return new InputError(
        `${prefix} the gateway rejected the configuration (400) and stored nothing. It must be able to load the issuer${loadFailure(
          answer,
        )}: check that the gateway itself reaches authentik and trusts its certificate.`,
      );
    case 401:
      return withRemedy(
        new GatewayKeyRefusedError(
          `${prefix} the gateway rejected the API key (401): ${KEY_NEEDED}, found one that is unknown, revoked or from another gateway. Keys that start with hpk_ require 1.59.0 or newer.`,
        ),
        VALID_KEY,
      );
    case 403:
      return withRemedy(
        new GatewayKeyRefusedError(
          `${prefix} the API key does not permit this (403): ${KEY_NEEDED}, found one outside the administrators' group, or a gateway for several organizations (ORG_MULTI_TENANT), which stores no configuration.`,
        ),
        VALID_KEY,
      );
    case 422:
      return new InputError(
        `${prefix} the gateway does not understand the configuration (422) and stored nothing. Expected the fields of Hoop 1.148: check the gateway's version.`,
      );
    case 200:
    case 404:
      return new ServiceUnavailableError(
        `${prefix} expected the stored configuration, found ${
          answer.status === 200
            ? `something else (${answer.describe()})`
            : 'no such endpoint (404)'
        }: check the URL, and that the gateway is 1.38.3 or newer.`,
      );
    default:
      return withFailure(
        new ServiceUnavailableError(
          `${prefix} the gateway answered ${answer.describe()}. ${
            isProviderNotLoaded(answer)
              ? 'While it cannot load its identity provider, it rejects every key: check its log.'
              : 'Check its log, and that IDP_URI and IDP_ISSUER in its environment are URLs. The answer is not shown, because it may quote a secret.'
          }`,
        ),
        { kind: failureKindOf(answer.status), status: answer.status },
      );
  }
}

function loadFailure(answer: HttpResponse): string {
  const message = gatewayMessageOf(answer)?.read() ?? '';
  const found = LOAD_FAILURES.find(([pattern]) => pattern.test(message));
  return found ? `, but ${found[1]}` : '';
}
