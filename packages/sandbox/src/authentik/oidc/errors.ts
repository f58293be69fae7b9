import type { Answer } from '../support/http';
import { htmlAnswer, jsonAnswer } from '../support/http';
import { randomHex } from '../support/random';

const DESCRIPTIONS: Record<string, string> = {
  invalid_client:
    'Client authentication failed (e.g., unknown client, no client authentication included, or unsupported authentication method)',
  invalid_grant:
    'The provided authorization grant or refresh token is invalid, expired, revoked, does not match the redirection URI used in the authorization request, or was issued to another client',
  invalid_scope:
    'The requested scope is invalid, unknown, malformed, or exceeds the scope granted by the resource owner',
  invalid_request: 'The request is otherwise malformed',
  unsupported_grant_type:
    'The authorization grant type is not supported by the authorization server',
  unsupported_response_type:
    'The authorization server does not support obtaining an authorization code using this method',
  login_required: 'The Authorization Server requires End-User authentication',
  consent_required: 'The Authorization Server requires End-User consent',
  request_not_supported:
    'The provider does not support use of the request parameter',
  invalid_token:
    'The access token provided is expired, revoked, malformed, or invalid for other reasons',
  insufficient_scope:
    'The request requires higher privileges than provided by the access token',
};

/** @internal */
export function describe(error: string): string {
  return DESCRIPTIONS[error] ?? error;
}

/** @internal */
export function tokenError(error: string, status = 400): Answer {
  return jsonAnswer(status, {
    error,
    error_description: describe(error),
    request_id: randomHex(32),
  });
}

/** @internal */
export function bearerError(status: number, error: string): Answer {
  return htmlAnswer(status, '', {
    'WWW-Authenticate': `error="${error}", error_description="${describe(
      error,
    )}"`,
  });
}
