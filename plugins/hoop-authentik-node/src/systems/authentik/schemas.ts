import { z } from 'zod';
import { SecretValue } from '../../core';
import type {
  AuthentikApplication,
  AuthentikBinding,
  AuthentikFlow,
  AuthentikGroup,
  AuthentikGroupMembers,
  AuthentikKeyPair,
  AuthentikPolicy,
  AuthentikProvider,
  AuthentikRedirectUri,
  AuthentikScopeMapping,
  AuthentikSelf,
  AuthentikUse,
  AuthentikUser,
} from './types';

/** @internal */
export const OAUTH2_PROVIDER_MODEL =
  'authentik_providers_oauth2.oauth2provider';
/** @internal */
export const PROXY_PROVIDER_MODEL = 'authentik_providers_proxy.proxyprovider';

/**
 * What authentik adds to both redirect URIs of every proxy provider whenever it saves one.
 *
 * A proxy provider is an OAuth2 provider underneath. `GET /providers/oauth2/` lists it with the `component`,
 * `verbose_name` and `meta_model_name` of an OAuth2 provider, on 2025.10 and 2026.8 alike, and the lists that name the
 * true type take permissions the client does without. This mark is what remains to tell it by; once it has an
 * application, the type that the application states decides ({@link AuthentikApplication.providerModel}).
 */
const PROXY_MARK = 'X-authentik-auth-callback=true';

const optionalText = z
  .string()
  .nullish()
  .transform(value => value ?? undefined);
const text = z
  .string()
  .nullish()
  .transform(value => value ?? '');

const redirectUriSchema = z
  .object({
    matching_mode: z.string(),
    url: z.string(),
    redirect_uri_type: z.string().nullish(),
  })
  .transform(
    (uri): AuthentikRedirectUri => ({
      matchingMode: uri.matching_mode,
      url: uri.url,
      redirectUriType: uri.redirect_uri_type ?? 'authorization',
    }),
  );

/** @internal */
export const versionSchema = z.object({ version_current: z.string() });

/** @internal */
export const selfSchema = z
  .object({
    user: z.object({
      pk: z.number(),
      username: z.string(),
      is_superuser: z.boolean(),
    }),
  })
  .transform(
    ({ user }): AuthentikSelf => ({
      pk: user.pk,
      username: user.username,
      isSuperuser: user.is_superuser,
    }),
  );

/** @internal */
export const applicationSchema = z
  .object({
    pk: z.string(),
    name: z.string(),
    slug: z.string(),
    provider: z.number().nullish(),
    provider_obj: z.object({ meta_model_name: optionalText }).nullish(),
    group: text,
    policy_engine_mode: z.string().default('any'),
    open_in_new_tab: z.boolean().default(false),
    meta_launch_url: text,
    meta_icon: text,
    meta_description: text,
    meta_publisher: text,
    meta_hide: z.boolean().optional(),
  })
  .transform(
    (raw): AuthentikApplication => ({
      pk: raw.pk,
      name: raw.name,
      slug: raw.slug,
      provider: raw.provider ?? undefined,
      providerModel: raw.provider_obj?.meta_model_name,
      group: raw.group,
      policyEngineMode: raw.policy_engine_mode,
      openInNewTab: raw.open_in_new_tab,
      metaLaunchUrl: raw.meta_launch_url,
      metaIcon: raw.meta_icon,
      metaDescription: raw.meta_description,
      metaPublisher: raw.meta_publisher,
      metaHide: raw.meta_hide,
    }),
  );

/** @internal */
export const providerSchema = z
  .object({
    pk: z.number(),
    name: z.string(),
    meta_model_name: z.string().default(OAUTH2_PROVIDER_MODEL),
    authorization_flow: optionalText,
    invalidation_flow: optionalText,
    property_mappings: z.array(z.string()).default([]),
    client_type: z.string(),
    client_id: z.string(),
    // Not optional: a secret that is not there must not be taken for an empty one, which authentik would accept.
    client_secret: z.string(),
    access_code_validity: text,
    access_token_validity: text,
    refresh_token_validity: text,
    include_claims_in_id_token: z.boolean().default(true),
    signing_key: optionalText,
    encryption_key: optionalText,
    redirect_uris: z.array(redirectUriSchema, {
      error: issue =>
        typeof issue.input === 'string'
          ? 'a text, as servers before 2024.12 answer, which are not supported'
          : undefined,
    }),
    sub_mode: text,
    issuer_mode: text,
    grant_types: z
      .array(z.string())
      .nullish()
      .transform(value => value ?? undefined),
    logout_uri: optionalText,
    logout_method: optionalText,
    assigned_application_slug: optionalText,
  })
  .transform(
    (raw): AuthentikProvider => ({
      pk: raw.pk,
      name: raw.name,
      metaModelName: raw.redirect_uris.some(({ url }) =>
        url.includes(PROXY_MARK),
      )
        ? PROXY_PROVIDER_MODEL
        : raw.meta_model_name,
      authorizationFlow: raw.authorization_flow,
      invalidationFlow: raw.invalidation_flow,
      propertyMappings: raw.property_mappings,
      clientType: raw.client_type,
      clientId: raw.client_id,
      clientSecret: new SecretValue(raw.client_secret),
      accessCodeValidity: raw.access_code_validity,
      accessTokenValidity: raw.access_token_validity,
      refreshTokenValidity: raw.refresh_token_validity,
      includeClaimsInIdToken: raw.include_claims_in_id_token,
      signingKey: raw.signing_key,
      encryptionKey: raw.encryption_key,
      redirectUris: raw.redirect_uris,
      subMode: raw.sub_mode,
      issuerMode: raw.issuer_mode,
      grantTypes: raw.grant_types,
      logoutUri: raw.logout_uri,
      logoutMethod: raw.logout_method,
      assignedApplicationSlug: raw.assigned_application_slug,
    }),
  );

/** @internal */
export const transactionSchema = z.object({ applied: z.boolean() });

/** @internal */
export const previewSchema = z.object({
  preview: z.record(z.string(), z.unknown()),
});

/** @internal */
export const flowSchema = z.object({
  pk: z.string(),
  slug: z.string(),
  name: z.string(),
  designation: z.string(),
}) satisfies z.ZodType<AuthentikFlow>;

/** Servers before 2025.12 name the type after the class of the key. */
const KEY_TYPES: Record<string, string> = { ellipticcurve: 'ec' };

/** @internal */
export const keyPairSchema = z
  .object({
    pk: z.string(),
    name: z.string(),
    key_type: optionalText,
    private_key_type: optionalText,
    private_key_available: z.boolean(),
    cert_expiry: optionalText,
    managed: optionalText,
  })
  .transform((raw): AuthentikKeyPair => {
    const stated = raw.key_type ?? raw.private_key_type;
    return {
      pk: raw.pk,
      name: raw.name,
      keyType: stated === undefined ? undefined : KEY_TYPES[stated] ?? stated,
      privateKeyAvailable: raw.private_key_available,
      expiry: raw.cert_expiry,
      managed: raw.managed,
    };
  });

/** @internal */
export const scopeMappingSchema = z
  .object({
    pk: z.string(),
    name: z.string(),
    scope_name: z.string(),
    managed: optionalText,
  })
  .transform(
    ({ scope_name, ...raw }): AuthentikScopeMapping => ({
      ...raw,
      scopeName: scope_name,
    }),
  );

/** @internal */
export const groupSchema = z.object({
  pk: z.string(),
  name: z.string(),
  users: z.array(z.number()).default([]),
}) satisfies z.ZodType<AuthentikGroup>;

/** @internal */
export const groupMembersSchema = z
  .object({
    pk: z.string(),
    name: z.string(),
    users_obj: z
      .array(
        z.object({
          pk: z.number(),
          username: z.string(),
          is_active: z.boolean().default(true),
        }),
      )
      .nullish(),
  })
  .transform(
    ({ users_obj, ...raw }): AuthentikGroupMembers => ({
      ...raw,
      members: (users_obj ?? []).map(({ is_active, ...user }) => ({
        ...user,
        isActive: is_active,
      })),
    }),
  );

/** @internal */
export const usesSchema = z.array(
  z
    .object({ model_name: z.string(), pk: z.string(), name: text })
    .transform(
      ({ model_name, ...raw }): AuthentikUse => ({ ...raw, model: model_name }),
    ),
);

/** @internal */
export const userSchema = z
  .object({
    pk: z.number(),
    username: z.string(),
    name: text,
    email: text,
    is_active: z.boolean().default(true),
  })
  .transform(
    ({ is_active, ...raw }): AuthentikUser => ({ ...raw, isActive: is_active }),
  );

/** @internal */
export const policySchema = z.object({
  pk: z.string(),
  name: z.string(),
}) satisfies z.ZodType<AuthentikPolicy>;

/** @internal */
export const bindingSchema = z
  .object({
    pk: z.string(),
    target: z.string(),
    policy: optionalText,
    group: optionalText,
    group_obj: z.object({ name: z.string() }).nullish(),
    user: z
      .number()
      .nullish()
      .transform(value => value ?? undefined),
    order: z.number(),
    enabled: z.boolean().default(true),
    negate: z.boolean().default(false),
    timeout: z.number().default(30),
    failure_result: z.boolean().default(false),
  })
  .transform(
    ({ failure_result, group_obj, ...raw }): AuthentikBinding => ({
      ...raw,
      failureResult: failure_result,
      ...(group_obj ? { groupName: group_obj.name } : {}),
    }),
  );

/** @internal */
export const signInSchema = z.object({
  pk: z.string(),
  action: z.string(),
  created: z.string(),
  user: z.object({ username: text }),
  context: z.object({
    authorized_application: z.object({ pk: optionalText }).nullish(),
  }),
});
