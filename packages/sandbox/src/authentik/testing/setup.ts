import type { JsonObject } from '../../json';
import type { Exchange } from '../../replay/exchange';
import type { Replay } from './replay';

const CALLBACK = 'https://hoop.company/api/callback';

/** @internal */
export function scopes(replay: Replay, ...names: string[]): string[] {
  const { mappings } = replay.snapshot.seeds;
  return names.map(name =>
    String(mappings[`goauthentik.io/providers/oauth2/scope-${name}`]),
  );
}

/** @internal */
export function keyPair(replay: Replay): string {
  const { keyPairs } = replay.snapshot.seeds;
  return String(keyPairs['authentik Self-signed Certificate']);
}

/** @internal */
export function flow(replay: Replay, slug: string): string {
  return String(replay.snapshot.seeds.flows[slug]);
}

/** @internal */
export function providerMembers(replay: Replay, name: string): JsonObject {
  return {
    name,
    authorization_flow: flow(
      replay,
      'default-provider-authorization-implicit-consent',
    ),
    invalidation_flow: flow(replay, 'default-provider-invalidation-flow'),
    client_type: 'confidential',
    grant_types: ['authorization_code', 'refresh_token'],
    redirect_uris: [{ matching_mode: 'strict', url: CALLBACK }],
    signing_key: keyPair(replay),
    property_mappings: scopes(replay, 'openid', 'email', 'profile'),
    sub_mode: 'hashed_user_id',
    issuer_mode: 'per_provider',
  };
}

/**
 * An application with its provider, as the recorder made them unless the title says otherwise.
 *
 * @internal
 */
export async function addApplication(
  replay: Replay,
  name: string,
  options: { app?: JsonObject; provider?: JsonObject } = {},
): Promise<void> {
  const provider = { ...providerMembers(replay, name), ...options.provider };
  await replay.api('PUT', 'core/transactional/applications/', {
    app: {
      name,
      slug: name.toLowerCase(),
      group: 'Access',
      policy_engine_mode: 'any',
      meta_launch_url: 'https://hoop.company',
      meta_publisher: 'Platform team',
      meta_description: 'Access gateway',
      open_in_new_tab: true,
      ...options.app,
    },
    provider_model: 'authentik_providers_oauth2.oauth2provider',
    provider: Object.fromEntries(
      Object.entries(provider).filter(([, value]) => value !== undefined),
    ),
  });
}

/** @internal */
export async function addBinding(
  replay: Replay,
  slug: string,
  binding: { group?: string; user?: string; order: number },
): Promise<void> {
  const { groups, users } = replay.snapshot.seeds;
  const application = replay.snapshot.applications.find(
    one => one.slug === slug,
  );
  await replay.api('POST', 'policies/bindings/', {
    target: application?.pk ?? '',
    order: binding.order,
    ...(binding.group && { group: groups[binding.group] }),
    ...(binding.user && { user: users[binding.user] }),
  });
}

/** @internal */
export async function patchProvider(
  replay: Replay,
  name: string,
  change: JsonObject,
): Promise<void> {
  const provider = replay.snapshot.providers.find(one => one.name === name);
  await replay.api('PATCH', `providers/oauth2/${provider?.pk}/`, change);
}

/** @internal */
export async function patchApplication(
  replay: Replay,
  slug: string,
  change: JsonObject,
): Promise<void> {
  await replay.api('PATCH', `core/applications/${slug}/`, change);
}

/** @internal */
export function queryOf(exchange: Exchange): URLSearchParams {
  return new URLSearchParams(exchange.request.path.split('?')[1] ?? '');
}

/** @internal */
export function dashed(uuid: string): string {
  return uuid.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/** @internal */
export async function nameTarget(
  replay: Replay,
  exchange: Exchange,
  slug: string,
): Promise<void> {
  const pk = queryOf(exchange).get('target');
  if (pk) replay.translation.name('application', pk, slug);
}
