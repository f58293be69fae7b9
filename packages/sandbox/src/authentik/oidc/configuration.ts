import { createSecretKey } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import type { Account, Configuration } from 'oidc-provider';
import type { KeyPair, Provider, User } from '../store/model';
import type { Store } from '../store/store';
import type { JsonObject } from '../../json';
import { randomString, sha256Hex } from '../support/random';
import {
  claimsOf,
  durationSeconds,
  keyAlgorithm,
  signingAlgorithm,
  signingKeyOf,
} from './claims';
import type { Records } from './memoryAdapter';
import { MemoryAdapter } from './memoryAdapter';

/**
 * A sign-in that led to a code.
 *
 * @internal
 */
export interface SignIn {
  user: User;
  sid: string;
  authTime: number;
  scopes: string[];
  redirectUri: string;
  nonce?: string;
  codeChallenge?: string;
  codeChallengeMethod?: string;
}

const CLAIMS = [
  'sub',
  'auth_time',
  'acr',
  'amr',
  'sid',
  'jti',
  'email',
  'email_verified',
  'entitlements',
  'roles',
  'name',
  'given_name',
  'preferred_username',
  'nickname',
  'groups',
];

/** The client metadata asks for a redirect URI; the real ones are matched by authentik's rules. */
const PLACEHOLDER_URI = 'https://sandbox.invalid/callback';

/** @internal */
export const RESOURCE = 'urn:sandbox:authentik';

function privateJwk(key: KeyPair) {
  return {
    ...key.privateKey.export({ format: 'jwk' }),
    kid: key.kid,
    use: 'sig',
    alg: keyAlgorithm(key),
  };
}

/**
 * The secret oidc-provider knows a client by. The real one has been checked before, and it may
 * hold characters or be so short that oidc-provider would not take it.
 *
 * @internal
 */
export function innerSecret(provider: Provider): string {
  return sha256Hex(provider.client_secret);
}

/**
 * Signs where no key is set.
 *
 * @internal
 */
export function secretKey(provider: Provider): KeyObject {
  return createSecretKey(Buffer.from(provider.client_secret || '\0'));
}

interface SandboxAccount extends Account {
  signIn: SignIn;
  all: JsonObject;
}

/** @internal */
export interface ConfigurationInput {
  store: Store;
  provider: Provider;
  baseUrl: string;
  records: Records;
  /** Sign-ins by grant. */
  signIns: ReadonlyMap<string, SignIn>;
  /** Where access tokens of this moment came from, by their `uid`. */
  issued: Map<string, SignIn>;
}

function accountOf(
  { store, provider, baseUrl }: ConfigurationInput,
  accountId: string,
  signIn: SignIn,
): SandboxAccount {
  const all = claimsOf(store, provider, {
    user: signIn.user,
    baseUrl,
    scopes: signIn.scopes,
    issuedAt: Math.floor(Date.now() / 1000),
    lifetime: durationSeconds(provider.access_token_validity),
    authTime: signIn.authTime,
    session: { sid: signIn.sid, nonce: signIn.nonce },
  });
  return {
    accountId,
    signIn,
    all,
    claims: async () => ({ ...all, sub: accountId }),
  };
}

/** Access tokens are JWTs with the claims of the ID token and a little more. */
function accessTokens(input: ConfigurationInput): Configuration['features'] {
  const { store, provider } = input;
  const key = signingKeyOf(store, provider);
  return {
    devInteractions: { enabled: false },
    resourceIndicators: {
      enabled: true,
      useGrantedResource: () => true,
      getResourceServerInfo: () => ({
        scope: 'openid',
        audience: provider.client_id,
        accessTokenFormat: 'jwt',
        accessTokenTTL: durationSeconds(provider.access_token_validity),
        jwt: {
          sign: key
            ? { alg: keyAlgorithm(key), kid: key.kid }
            : { alg: 'HS256', key: secretKey(provider) },
        },
      }),
    },
  };
}

/**
 * How oidc-provider plays one application.
 *
 * @internal
 */
export function configurationOf(input: ConfigurationInput): Configuration {
  const { store, provider, records, signIns, issued } = input;
  const key = signingKeyOf(store, provider);
  const lifetime = durationSeconds(provider.access_token_validity);
  const refresh = durationSeconds(provider.refresh_token_validity);
  return {
    adapter: name => new MemoryAdapter(name, records),
    clients: [
      {
        client_id: provider.client_id,
        client_secret: innerSecret(provider),
        redirect_uris: [PLACEHOLDER_URI],
        response_types: ['code'],
        grant_types: ['authorization_code', 'refresh_token'],
        token_endpoint_auth_method: 'client_secret_post',
        id_token_signed_response_alg: signingAlgorithm(key),
      },
    ],
    enabledJWA: { idTokenSigningAlgValues: ['RS256', 'ES256', 'HS256'] },
    jwks: { keys: [privateJwk(key ?? store.keyPairs[0])] },
    claims: { openid: CLAIMS },
    conformIdTokenClaims: false,
    cookies: { keys: [randomString(32)] },
    formats: {
      bitsOfOpaqueRandomness: 192,
      customizers: {
        jwt: async (ctx, _token, parts) => {
          const account = ctx.oidc.account as SandboxAccount;
          const uid = randomString(40);
          issued.set(uid, account.signIn);
          parts.header = { typ: 'JWT' };
          parts.payload = {
            ...account.all,
            azp: provider.client_id,
            uid,
            scope: account.signIn.scopes.join(' '),
          } as typeof parts.payload;
        },
      },
    },
    findAccount: async (ctx, accountId, token) => {
      const grantId = (token as { grantId?: string } | undefined)?.grantId;
      const signIn = signIns.get(grantId ?? '');
      const refreshed = ctx.oidc.params?.grant_type === 'refresh_token';
      return (
        signIn &&
        accountOf(input, accountId, {
          ...signIn,
          // A nonce belongs to the first ID token only.
          nonce: refreshed ? undefined : signIn.nonce,
        })
      );
    },
    features: accessTokens(input),
    issueRefreshToken: async (_ctx, _client, code) =>
      signIns.get(code.grantId ?? '')?.scopes.includes('offline_access') ??
      false,
    pkce: { required: () => false },
    rotateRefreshToken: true,
    ttl: {
      AccessToken: lifetime,
      AuthorizationCode: durationSeconds(provider.access_code_validity),
      Grant: refresh + lifetime,
      IdToken: lifetime,
      RefreshToken: refresh,
    },
  };
}
