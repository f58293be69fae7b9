import type { KeyPair, Provider, User } from '../store/model';
import type { Store } from '../store/store';
import type { JsonObject } from '../../json';
import { randomString } from '../support/random';
import { endpointsOf } from './endpoints';

/** @internal */
export const ACR = 'goauthentik.io/providers/oauth2/default';

/** @internal */
export function issuerOf(
  store: Store,
  provider: Provider,
  baseUrl: string,
): string | undefined {
  if (provider.issuer_mode === 'global') return `${baseUrl}/`;
  const application = store.applicationOf(provider);
  return application && endpointsOf(baseUrl, application.slug).issuer;
}

/** @internal */
export function subjectOf(provider: Provider, user: User): string {
  switch (provider.sub_mode) {
    case 'user_id':
      return String(user.pk);
    case 'user_uuid':
      return user.uuid;
    case 'user_email':
      return user.email;
    case 'user_username':
    case 'user_upn':
      return user.username;
    default:
      return user.uid;
  }
}

/** @internal */
export const SCOPE_CLAIMS: Record<string, string[]> = {
  email: ['email', 'email_verified'],
  entitlements: ['entitlements', 'roles'],
  profile: ['name', 'given_name', 'preferred_username', 'nickname', 'groups'],
};

/**
 * What the default scope mappings say about a user. Groups are the direct ones, by name.
 *
 * @internal
 */
export function mappedClaims(
  store: Store,
  user: User,
  scopes: readonly string[],
): JsonObject {
  const claims: JsonObject = {};
  if (scopes.includes('email')) {
    claims.email = user.email;
    claims.email_verified = false;
  }
  if (scopes.includes('entitlements')) {
    claims.entitlements = [];
    claims.roles = [];
  }
  if (scopes.includes('profile')) {
    claims.name = user.name;
    claims.given_name = user.name;
    claims.preferred_username = user.username;
    claims.nickname = user.username;
    claims.groups = user.groups.flatMap(pk => store.group(pk)?.name ?? []);
  }
  return claims;
}

/** @internal */
export interface ClaimsInput {
  user: User;
  baseUrl: string;
  scopes: readonly string[];
  issuedAt: number;
  lifetime: number;
  authTime: number;
  /** Set for tokens of a real sign-in, absent in previews. */
  session?: { sid: string; nonce?: string };
}

/** @internal */
export function claimsOf(
  store: Store,
  provider: Provider,
  input: ClaimsInput,
): JsonObject {
  const { session } = input;
  return {
    iss: issuerOf(store, provider, input.baseUrl),
    sub: subjectOf(provider, input.user),
    aud: provider.client_id,
    exp: input.issuedAt + input.lifetime,
    iat: input.issuedAt,
    auth_time: input.authTime,
    acr: ACR,
    ...(session && { amr: ['pwd'] }),
    ...(session?.nonce && { nonce: session.nonce }),
    ...(session && { sid: session.sid }),
    ...(store.modern && { jti: randomString(40) }),
    ...(provider.include_claims_in_id_token &&
      mappedClaims(store, input.user, input.scopes)),
  };
}

/** @internal */
export function signingKeyOf(
  store: Store,
  provider: Provider,
): KeyPair | undefined {
  return store.keyPairs.find(one => one.pk === provider.signing_key);
}

/** @internal */
export function keyAlgorithm(key: KeyPair): 'RS256' | 'ES256' {
  return key.type === 'ec' ? 'ES256' : 'RS256';
}

/**
 * Without a signing key, the client secret signs.
 *
 * @internal
 */
export function signingAlgorithm(
  key: KeyPair | undefined,
): 'RS256' | 'ES256' | 'HS256' {
  return key ? keyAlgorithm(key) : 'HS256';
}

const UNIT_SECONDS: Record<string, number> = {
  milliseconds: 0.001,
  seconds: 1,
  minutes: 60,
  hours: 3600,
  days: 86_400,
  weeks: 604_800,
};

/**
 * Seconds of a duration such as `hours=1;minutes=30`.
 *
 * @internal
 */
export function durationSeconds(duration: string): number {
  const seconds = duration.split(';').reduce((sum, part) => {
    const [unit, amount] = part.trim().split('=');
    return sum + (UNIT_SECONDS[unit] ?? 0) * Number(amount);
  }, 0);
  return Math.max(1, Math.floor(seconds));
}
