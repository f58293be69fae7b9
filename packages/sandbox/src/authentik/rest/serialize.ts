import type { Application, Group, Provider, User } from '../store/model';
import type { Store } from '../store/store';
import type { JsonObject } from '../../json';
import { randomString } from '../support/random';

const KINDS = {
  oauth2: {
    component: 'ak-provider-oauth2-form',
    verbose: 'OAuth2/OpenID Provider',
    model: 'authentik_providers_oauth2.oauth2provider',
  },
  proxy: {
    component: 'ak-provider-proxy-form',
    verbose: 'Proxy Provider',
    model: 'authentik_providers_proxy.proxyprovider',
  },
  saml: {
    component: 'ak-provider-saml-form',
    verbose: 'SAML Provider',
    model: 'authentik_providers_saml.samlprovider',
  },
};

/**
 * The members every provider has. The OAuth2 endpoint shows proxy providers as OAuth2 ones.
 *
 * @internal
 */
export function baseProvider(
  store: Store,
  provider: Provider,
  kind: Provider['kind'] = provider.kind,
): JsonObject {
  const { component, verbose, model } = KINDS[kind];
  const application = store.applicationOf(provider);
  return {
    pk: provider.pk,
    name: provider.name,
    authentication_flow: provider.authentication_flow,
    authorization_flow: provider.authorization_flow,
    invalidation_flow: provider.invalidation_flow,
    // The server keeps no order of its own either.
    property_mappings: [...provider.property_mappings].sort(),
    component,
    assigned_application_slug: application?.slug ?? null,
    assigned_application_name: application?.name ?? null,
    ...(store.modern && {
      assigned_backchannel_application_slug: null,
      assigned_backchannel_application_name: null,
    }),
    verbose_name: verbose,
    verbose_name_plural: `${verbose}s`,
    meta_model_name: model,
  };
}

/** @internal */
export function oauth2Provider(store: Store, provider: Provider): JsonObject {
  const { modern } = store;
  return {
    ...baseProvider(store, provider, 'oauth2'),
    client_type: provider.client_type,
    ...(modern && { grant_types: provider.grant_types }),
    client_id: provider.client_id,
    client_secret: provider.client_secret,
    access_code_validity: provider.access_code_validity,
    access_token_validity: provider.access_token_validity,
    refresh_token_validity: provider.refresh_token_validity,
    ...(modern && {
      refresh_token_threshold: provider.refresh_token_threshold,
    }),
    include_claims_in_id_token: provider.include_claims_in_id_token,
    signing_key: provider.signing_key,
    encryption_key: provider.encryption_key,
    redirect_uris: provider.redirect_uris.map(uri => ({
      matching_mode: uri.matching_mode,
      url: uri.url,
      ...(modern &&
        uri.redirect_uri_type && { redirect_uri_type: uri.redirect_uri_type }),
    })),
    ...(modern
      ? {
          logout_uri: provider.logout_uri,
          logout_method: provider.logout_method,
        }
      : { backchannel_logout_uri: provider.logout_uri }),
    sub_mode: provider.sub_mode,
    issuer_mode: provider.issuer_mode,
    jwt_federation_sources: provider.jwt_federation_sources,
    jwt_federation_providers: provider.jwt_federation_providers,
  };
}

/** @internal */
export function launchUrl(
  store: Store,
  application: Application,
): string | null {
  if (application.meta_launch_url) return application.meta_launch_url;
  const first = store.provider(application.provider)?.redirect_uris[0];
  try {
    return first ? new URL(first.url).origin : null;
  } catch {
    return null;
  }
}

const THEME = '%(theme)s';

function iconMembers(store: Store, application: Application): JsonObject {
  const icon = application.meta_icon;
  if (!store.modern) {
    // Anything that is no URL and no path is taken for the name of an uploaded file.
    const link = /^(https?:|fa:|\/)/.test(icon);
    const file = `/media/public/${encodeURIComponent(icon)}`;
    return { meta_icon: icon ? (link && icon) || file : null };
  }
  const uploaded = icon && !/^(https?:|fa:|\/static\/)/.test(icon);
  const url = uploaded
    ? `/files/media/public/${icon}?token=${store.remember(randomString(60))}`
    : icon;
  return {
    meta_icon: icon,
    meta_icon_url: url || null,
    meta_icon_themed_urls: url.includes(THEME)
      ? {
          light: url.replace(THEME, 'light'),
          dark: url.replace(THEME, 'dark'),
        }
      : null,
  };
}

/** @internal */
export function applicationJson(
  store: Store,
  application: Application,
): JsonObject {
  const provider = store.provider(application.provider);
  return {
    pk: application.pk,
    name: application.name,
    slug: application.slug,
    provider: provider?.pk ?? null,
    provider_obj: provider ? baseProvider(store, provider) : null,
    backchannel_providers: application.backchannel_providers,
    backchannel_providers_obj: [],
    launch_url: launchUrl(store, application),
    open_in_new_tab: application.open_in_new_tab,
    meta_launch_url: application.meta_launch_url,
    ...iconMembers(store, application),
    meta_description: application.meta_description,
    meta_publisher: application.meta_publisher,
    policy_engine_mode: application.policy_engine_mode,
    group: application.group,
    ...(store.modern && { meta_hide: application.meta_hide }),
  };
}

const AVATAR = 'data:image/svg+xml;base64,PHN2Zy8+';

/** @internal */
export function briefGroup(store: Store, group: Group): JsonObject {
  return {
    pk: group.pk,
    num_pk: group.numPk,
    name: group.name,
    is_superuser: group.isSuperuser,
    ...(!store.modern && { parent: null, parent_name: null }),
    attributes: group.attributes,
  };
}

/** @internal */
export function briefUser(user: User): JsonObject {
  return {
    pk: user.pk,
    username: user.username,
    name: user.name,
    is_active: user.isActive,
    last_login: user.lastLogin,
    email: user.email,
    attributes: user.attributes,
    uid: user.uid,
  };
}

/** @internal */
export function userJson(
  store: Store,
  user: User,
  include: { groups: boolean; roles: boolean } = { groups: true, roles: true },
): JsonObject {
  const groups = user.groups.flatMap(pk => store.group(pk) ?? []);
  const roles = store.roles.filter(role => user.roles.includes(role.pk));
  return {
    pk: user.pk,
    username: user.username,
    name: user.name,
    is_active: user.isActive,
    last_login: user.lastLogin,
    date_joined: user.dateJoined,
    is_superuser: store.isSuperuser(user),
    groups: user.groups,
    groups_obj: include.groups
      ? groups.map(group => briefGroup(store, group))
      : null,
    ...(store.modern && {
      roles: user.roles,
      roles_obj: include.roles
        ? roles.map(role => ({ pk: role.pk, name: role.name }))
        : null,
    }),
    email: user.email,
    avatar: AVATAR,
    attributes: user.attributes,
    uid: user.uid,
    path: 'users',
    type: user.type,
    uuid: user.uuid,
    password_change_date: user.dateJoined,
    last_updated: user.dateJoined,
  };
}

/** @internal */
export function ownUserJson(store: Store, user: User): JsonObject {
  const named = (things: { name: string; pk: string }[]) =>
    things.map(({ name, pk }) => ({ name, pk }));
  const superuser = store.isSuperuser(user);
  return {
    user: {
      pk: user.pk,
      username: user.username,
      name: user.name,
      is_active: user.isActive,
      is_superuser: superuser,
      groups: named(user.groups.flatMap(pk => store.group(pk) ?? [])),
      ...(store.modern && {
        roles: named(store.roles.filter(role => user.roles.includes(role.pk))),
      }),
      email: user.email,
      avatar: AVATAR,
      uid: user.uid,
      settings: {},
      type: user.type,
      system_permissions: superuser
        ? ['view_system_settings', 'edit_system_settings']
        : [],
    },
  };
}

/** @internal */
export function groupJson(
  store: Store,
  group: Group,
  includeUsers: boolean,
): JsonObject {
  const members = store.membersOf(group);
  const roles = store.roles.filter(role => group.roles.includes(role.pk));
  return {
    pk: group.pk,
    num_pk: group.numPk,
    name: group.name,
    is_superuser: group.isSuperuser,
    ...(store.modern
      ? { parents: [], parents_obj: null }
      : { parent: null, parent_name: null }),
    users: members.map(user => user.pk),
    users_obj: includeUsers ? members.map(briefUser) : null,
    attributes: group.attributes,
    roles: group.roles,
    roles_obj: roles.map(role => ({ pk: role.pk, name: role.name })),
    ...(store.modern && { inherited_roles_obj: null }),
    children: [],
    children_obj: null,
  };
}
