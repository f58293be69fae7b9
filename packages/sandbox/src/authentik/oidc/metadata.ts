import { createHash } from 'node:crypto';
import type { KeyPair, Provider } from '../store/model';
import type { Store } from '../store/store';
import type { Answer, RawRequest } from '../support/http';
import { errorView, jsonAnswer, redirectAnswer } from '../support/http';
import type { JsonObject } from '../../json';
import {
  ACR,
  issuerOf,
  SCOPE_CLAIMS,
  signingAlgorithm,
  signingKeyOf,
} from './claims';
import { endpointsOf } from './endpoints';

function discoveryDocument(
  store: Store,
  provider: Provider,
  slug: string,
  baseUrl: string,
): JsonObject {
  const endpoints = endpointsOf(baseUrl, slug);
  const scopes = store.mappingsOf(provider).map(one => one.scopeName);
  return {
    issuer: issuerOf(store, provider, baseUrl),
    authorization_endpoint: endpoints.authorize,
    token_endpoint: endpoints.token,
    userinfo_endpoint: endpoints.userinfo,
    end_session_endpoint: endpoints.endSession,
    introspection_endpoint: endpoints.introspect,
    revocation_endpoint: endpoints.revoke,
    device_authorization_endpoint: endpoints.device,
    backchannel_logout_supported: true,
    backchannel_logout_session_supported: true,
    ...(store.modern && {
      frontchannel_logout_supported: true,
      frontchannel_logout_session_supported: true,
    }),
    response_types_supported: [
      'code',
      'id_token',
      'id_token token',
      'code token',
      'code id_token',
      'code id_token token',
    ],
    response_modes_supported: ['query', 'fragment', 'form_post'],
    jwks_uri: endpoints.jwks,
    // Says what the software can do, not what this application allows.
    grant_types_supported: [
      'authorization_code',
      'refresh_token',
      'implicit',
      'client_credentials',
      'password',
      'urn:ietf:params:oauth:grant-type:device_code',
    ],
    id_token_signing_alg_values_supported: [
      signingAlgorithm(signingKeyOf(store, provider)),
    ],
    subject_types_supported: ['public'],
    token_endpoint_auth_methods_supported: [
      'client_secret_post',
      'client_secret_basic',
    ],
    acr_values_supported: [ACR],
    scopes_supported: [...new Set([...scopes, 'openid'])],
    request_parameter_supported: false,
    claims_supported: [
      'sub',
      'iss',
      'aud',
      'exp',
      'iat',
      'auth_time',
      'acr',
      'amr',
      'nonce',
      ...scopes.flatMap(scope => SCOPE_CLAIMS[scope] ?? []),
    ],
    claims_parameter_supported: false,
    code_challenge_methods_supported: ['plain', 'S256'],
  };
}

function publicJwk(key: KeyPair): JsonObject {
  const thumbprint = (algorithm: string) =>
    createHash(algorithm).update(key.certificate).digest('base64url');
  const jwk = key.publicKey.export({ format: 'jwk' }) as JsonObject;
  return {
    alg: signingAlgorithm(key),
    kid: key.kid,
    use: 'sig',
    ...jwk,
    x5c: [key.certificate.toString('base64')],
    x5t: thumbprint('sha1'),
    'x5t#S256': thumbprint('sha256'),
  };
}

/** Without a signing key there is an object without `keys`, not an empty list. */
function keySet(store: Store, provider: Provider): JsonObject {
  const key = signingKeyOf(store, provider);
  return key ? { keys: [publicJwk(key)] } : {};
}

/**
 * Discovery and keys of one application. undefined: not one of these URLs.
 *
 * @internal
 */
export function metadata(
  store: Store,
  request: RawRequest,
): Answer | undefined {
  const path = request.path.replace(
    /^\/\.well-known\/oauth-authorization-server(\/application\/o\/[^/]+\/)$/,
    '$1.well-known/openid-configuration',
  );
  const match =
    /^\/application\/o\/([^/]+)\/(\.well-known\/openid-configuration|jwks\/)?$/.exec(
      path,
    );
  if (!match) return undefined;
  const [, slug, what] = match;
  const application = store.applicationBySlug(slug);
  const provider = store.provider(application?.provider);
  if (!provider || provider.kind === 'saml') {
    return errorView(request.method, 404);
  }
  if (!what) {
    return redirectAnswer(
      `/application/o/${slug}/.well-known/openid-configuration`,
    );
  }
  // The server cannot describe such a key and fails.
  if (signingKeyOf(store, provider)?.type === 'ed25519') {
    return errorView(request.method, 500);
  }
  return jsonAnswer(
    200,
    what === 'jwks/'
      ? keySet(store, provider)
      : discoveryDocument(store, provider, slug, request.baseUrl),
  );
}
