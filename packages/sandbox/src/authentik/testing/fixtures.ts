import type { KeyType } from '../../keys/keyPool';
import type { Store } from '../store/store';
import type { JsonObject } from '../../json';
import { randomString } from '../support/random';

/**
 * A change of the store that has no simulated endpoint.
 *
 * @internal
 */
export type FixtureRequest =
  | { op: 'reset' }
  | { op: 'snapshot' }
  | { op: 'secrets' }
  | {
      op: 'serviceAccount';
      name: string;
      permissions?: string[];
    }
  | { op: 'appPassword'; username: string }
  | { op: 'expireToken'; username: string; expired: boolean }
  | { op: 'activate'; username: string; active: boolean }
  | { op: 'keyPair'; name: string; type: KeyType }
  | { op: 'otherProvider'; kind: 'proxy' | 'saml'; name: string }
  | { op: 'slowWrites'; ms: number };

function otherProvider(
  store: Store,
  kind: 'proxy' | 'saml',
  name: string,
): number {
  const flow = (slug: string) =>
    store.flows.find(one => one.slug === slug)?.pk ?? '';
  return store.addProvider({
    kind,
    name,
    authentication_flow: null,
    authorization_flow: flow('default-provider-authorization-implicit-consent'),
    invalidation_flow: flow('default-provider-invalidation-flow'),
    property_mappings: store.mappings.slice(0, 2).map(one => one.pk),
    client_type: 'confidential',
    grant_types: ['authorization_code'],
    client_id: randomString(40),
    client_secret: randomString(128),
    access_code_validity: 'minutes=1',
    access_token_validity: 'hours=1',
    refresh_token_validity: 'days=30',
    refresh_token_threshold: 'seconds=0',
    include_claims_in_id_token: true,
    signing_key: null,
    encryption_key: null,
    redirect_uris: [
      {
        matching_mode: 'strict',
        url: 'https://proxy.company/outpost.goauthentik.io/callback',
        redirect_uri_type: 'authorization',
      },
    ],
    logout_uri: '',
    logout_method: 'backchannel',
    sub_mode: 'hashed_user_id',
    issuer_mode: 'per_provider',
    jwt_federation_sources: [],
    jwt_federation_providers: [],
  }).pk;
}

function snapshot(store: Store): JsonObject {
  const named = (things: { name: string; pk: string | number }[]) =>
    Object.fromEntries(things.map(({ name, pk }) => [name, pk]));
  return {
    seeds: {
      flows: Object.fromEntries(store.flows.map(one => [one.slug, one.pk])),
      keyPairs: named(store.keyPairs),
      mappings: Object.fromEntries(
        store.mappings.map(one => [one.managed ?? one.name, one.pk]),
      ),
      groups: named(store.groups),
      policies: named(store.policies),
      users: Object.fromEntries(store.users.map(one => [one.username, one.pk])),
    },
    passwords: Object.fromEntries(
      store.users.map(one => [one.username, one.password]),
    ),
    providers: store.providers.map(one => ({
      pk: one.pk,
      name: one.name,
      clientId: one.client_id,
      clientSecret: one.client_secret,
    })),
    applications: store.applications.map(one => ({
      pk: one.pk,
      slug: one.slug,
      provider: one.provider,
    })),
    bindings: store.bindings.map(one => ({
      pk: one.pk,
      target: one.target,
      order: one.order,
    })),
  };
}

/** @internal */
export function applyFixture(
  store: Store,
  request: FixtureRequest,
): JsonObject | string[] | string | number | null {
  const user = (username: string) => {
    const found = store.users.find(one => one.username === username);
    if (!found) throw new Error(`no user ${username}`);
    return found;
  };
  switch (request.op) {
    case 'snapshot':
      return snapshot(store);
    case 'secrets':
      return store.secrets();
    case 'serviceAccount':
      return store.addServiceAccount(request.name, request.permissions).key;
    case 'appPassword':
      return store.addToken(user(request.username), {
        identifier: `${request.username}-password`,
        intent: 'app_password',
      }).key;
    case 'expireToken': {
      const { pk } = user(request.username);
      for (const token of store.tokens) {
        if (token.user === pk) {
          token.expires = Date.now() + (request.expired ? -1000 : 3_600_000);
        }
      }
      return null;
    }
    case 'activate':
      user(request.username).isActive = request.active;
      return null;
    case 'keyPair':
      return store.addKeyPair(request.name, request.type, 30).pk;
    case 'otherProvider':
      return otherProvider(store, request.kind, request.name);
    case 'slowWrites':
      store.writeMs = request.ms;
      return null;
    default:
      return null;
  }
}
