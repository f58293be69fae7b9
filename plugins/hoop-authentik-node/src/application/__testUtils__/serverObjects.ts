import type {
  AuthentikFlow,
  AuthentikGroup,
  AuthentikKeyPair,
  AuthentikPolicy,
  AuthentikScopeMapping,
  AuthentikUser,
} from '../../systems/authentik/types';

/** The moment at which the tests happen. */
export const NOW = new Date('2026-05-01T12:00:00Z');

export const AUTHENTIK_URL = 'https://auth.company';
export const REDIRECT_URI = 'https://hoop.company/api/callback';

/** A gateway whose application app-config names. */
export const CLAIM = {
  gateway: 'main',
  slug: 'hoop',
  claimedApplication: 'hoop',
  redirectUri: REDIRECT_URI,
};

/** What planning an application needs beside the wish, where app-config names the application. */
export const CONTEXT = {
  authentikBaseUrl: AUTHENTIK_URL,
  redirectUri: REDIRECT_URI,
  claimedApplication: 'hoop',
  preferredSigningKey: undefined,
  now: NOW,
};

export const FLOWS: AuthentikFlow[] = [
  flow('authentication', 'default-authentication-flow'),
  flow('authorization', 'default-provider-authorization-explicit-consent'),
  flow('authorization', 'default-provider-authorization-implicit-consent'),
  flow('invalidation', 'default-provider-invalidation-flow'),
  flow('invalidation', 'custom-invalidation'),
];

export const RSA_KEY: AuthentikKeyPair = {
  pk: 'key-rsa',
  name: 'authentik Self-signed Certificate',
  keyType: 'rsa',
  privateKeyAvailable: true,
  expiry: '2027-05-01T12:00:00Z',
  managed: undefined,
};
export const EC_KEY: AuthentikKeyPair = {
  ...RSA_KEY,
  pk: 'key-ec',
  name: 'Dedicated EC',
  keyType: 'ec',
};
export const ED25519_KEY: AuthentikKeyPair = {
  ...RSA_KEY,
  pk: 'key-ed25519',
  name: 'An Ed25519 key',
  keyType: 'ed25519',
};
export const EXPIRED_KEY: AuthentikKeyPair = {
  ...RSA_KEY,
  pk: 'key-expired',
  name: 'Expired',
  expiry: '2026-04-30T12:00:00Z',
};
export const PUBLIC_KEY: AuthentikKeyPair = {
  ...RSA_KEY,
  pk: 'key-public',
  name: 'Certificate only',
  privateKeyAvailable: false,
};

/** Unusable ones first: a careless choice of the first would take one of them. */
export const KEY_PAIRS = [
  ED25519_KEY,
  EXPIRED_KEY,
  PUBLIC_KEY,
  RSA_KEY,
  EC_KEY,
];

export const SCOPE_MAPPINGS: AuthentikScopeMapping[] = [
  { ...mapping('openid'), pk: 'map-openid-custom', managed: undefined },
  mapping('openid'),
  mapping('email'),
  mapping('profile'),
  mapping('offline_access'),
];

export const GROUPS: AuthentikGroup[] = ['admin', 'developers', 'auditors'].map(
  name => ({ pk: `group-${name}`, name, users: [] }),
);
export const USERS: AuthentikUser[] = [
  {
    pk: 7,
    username: 'jane',
    name: 'Jane',
    email: 'jane@company',
    isActive: true,
  },
];
export const POLICIES: AuthentikPolicy[] = [
  { pk: 'policy-office-hours', name: 'office-hours' },
];

function flow(designation: string, slug: string): AuthentikFlow {
  return { pk: `flow-${slug}`, slug, name: slug, designation };
}

function mapping(scopeName: string): AuthentikScopeMapping {
  return {
    pk: `map-${scopeName}`,
    name: `authentik default OAuth Mapping: ${scopeName}`,
    scopeName,
    managed: `goauthentik.io/providers/oauth2/scope-${scopeName}`,
  };
}
