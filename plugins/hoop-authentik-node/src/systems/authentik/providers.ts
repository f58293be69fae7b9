import { InputError, isError } from '@backstage/errors';
import { z } from 'zod';
import type { CallOptions } from '../../core';
import type { AuthentikApi } from './AuthentikApi';
import {
  apiObject,
  encode,
  optional,
  optionalText,
  secretText,
  text,
} from './codec';
import { only, segment } from './names';
import { PERMISSIONS } from './permissions';

const PROVIDERS = 'providers/oauth2/';

/** The type of an OAuth2/OpenID provider in authentik's API. @alpha */
export const OAUTH2_PROVIDER_MODEL =
  'authentik_providers_oauth2.oauth2provider';
const PROXY_PROVIDER_MODEL = 'authentik_providers_proxy.proxyprovider';

/**
 * What authentik adds to both redirect URIs of a proxy provider whenever it saves one.
 *
 * A proxy provider is an OAuth2 provider underneath. `GET /providers/oauth2/` lists it with the `component`,
 * `verbose_name` and `meta_model_name` of an OAuth2 provider, on 2025.10 and 2026.8 alike, and the lists that name the
 * true type need permissions that this client does not require. Only this mark is left to recognize it. Once it has an
 * application, the type that the application states decides.
 */
const PROXY_MARK = 'X-authentik-auth-callback=true';

const redirectUriSchema = apiObject({
  matchingMode: z.string(),
  url: z.string(),
  /** `authorization` or `logout`; servers before 2026.5 only have the former and omit it. */
  redirectUriType: z
    .string()
    .nullish()
    .transform(value => value ?? 'authorization'),
});

const providerFields = {
  name: z.string(),
  authorizationFlow: optionalText,
  invalidationFlow: optionalText,
  propertyMappings: z.array(z.string()).default([]),
  clientType: z.string(),
  clientId: z.string(),
  // Required: a missing secret must not count as an empty one, which authentik would accept.
  clientSecret: secretText,
  accessCodeValidity: text,
  accessTokenValidity: text,
  refreshTokenValidity: text,
  includeClaimsInIdToken: z.boolean().default(true),
  signingKey: optionalText,
  encryptionKey: optionalText,
  redirectUris: z.array(redirectUriSchema, {
    error: issue =>
      typeof issue.input === 'string'
        ? 'a string, as in servers before 2024.12, which are not supported'
        : undefined,
  }),
  subMode: text,
  issuerMode: text,
  /** Absent on servers before 2026.5. */
  grantTypes: optional(z.array(z.string())),
  logoutUri: optionalText,
  logoutMethod: optionalText,
};

const providerSchema = apiObject({
  pk: z.number(),
  ...providerFields,
  metaModelName: z.string().default(OAUTH2_PROVIDER_MODEL),
  assignedApplicationSlug: optionalText,
}).transform(provider => ({
  ...provider,
  /**
   * Type of the object behind the entry. A proxy provider, which the API shows as an OAuth2 provider, is recognized by
   * its redirect URIs. Once the provider has an application, `providerModel` of {@link AuthentikApplication} is what
   * authentik itself states.
   */
  metaModelName: provider.redirectUris.some(({ url }) =>
    url.includes(PROXY_MARK),
  )
    ? PROXY_PROVIDER_MODEL
    : provider.metaModelName,
}));

const previewSchema = z.object({ preview: z.record(z.string(), z.unknown()) });

/**
 * One redirect URI of a provider.
 *
 * @alpha
 */
export type AuthentikRedirectUri = z.infer<typeof redirectUriSchema>;

/**
 * The fields of an OAuth2/OpenID provider that the flow uses.
 *
 * @alpha
 */
export type AuthentikProvider = z.infer<typeof providerSchema>;

/**
 * What can be set on a provider; omitted members stay unchanged.
 *
 * @alpha
 */
export type AuthentikProviderFields = Partial<
  Omit<
    z.output<z.ZodObject<typeof providerFields>>,
    'clientType' | 'signingKey' | 'encryptionKey'
  >
> & {
  clientType?: 'confidential' | 'public';
  signingKey?: string | null;
  encryptionKey?: string | null;
};

/**
 * OAuth2/OpenID providers, below `providers/oauth2/`.
 *
 * @alpha
 */
export interface AuthentikProviders {
  /** `GET /providers/oauth2/{pk}/` */
  getProvider(
    pk: number,
    options?: CallOptions,
  ): Promise<AuthentikProvider | undefined>;
  /** The OAuth2 provider of exactly this name (proxy providers excluded). `GET /providers/oauth2/?name=` */
  findProviderByName(
    name: string,
    options?: CallOptions,
  ): Promise<AuthentikProvider | undefined>;
  /** Every OAuth2 provider. `GET /providers/oauth2/` */
  listProviders(options?: CallOptions): Promise<AuthentikProvider[]>;
  /** `POST /providers/oauth2/` */
  createProvider(
    fields: AuthentikProviderFields & { name: string },
    options?: CallOptions,
  ): Promise<AuthentikProvider>;
  /** `PATCH /providers/oauth2/{pk}/` */
  updateProvider(
    pk: number,
    fields: AuthentikProviderFields,
    options?: CallOptions,
  ): Promise<AuthentikProvider>;
  /** `DELETE /providers/oauth2/{pk}/` */
  deleteProvider(pk: number, options?: CallOptions): Promise<boolean>;
  /** The claims the provider would issue for a user. `GET /providers/oauth2/{pk}/preview_user/` */
  previewClaims(
    pk: number,
    forUser: number | undefined,
    options?: CallOptions,
  ): Promise<Record<string, unknown>>;
}

/**
 * The body for a provider, with the client secret in clear: it must not be shown.
 *
 * @internal
 */
export function encodeProvider(
  fields: AuthentikProviderFields,
): Record<string, unknown> {
  return encode(providerFields, fields);
}

/**
 * The OAuth2 provider of an application; `undefined` if there is no application, or it has no provider, one of another
 * type, or one that the token may not view.
 *
 * @internal
 */
export async function findOAuth2ProviderOf(
  client: Pick<AuthentikProviders, 'getProvider'>,
  application:
    | { provider: number | undefined; providerModel: string | undefined }
    | undefined,
  options?: CallOptions,
): Promise<AuthentikProvider | undefined> {
  return application?.provider !== undefined &&
    application.providerModel === OAUTH2_PROVIDER_MODEL
    ? client.getProvider(application.provider, options)
    : undefined;
}

/** @internal */
export function authentikProviders(api: AuthentikApi): AuthentikProviders {
  const pathOf = (pk: number) => `${PROVIDERS}${segment(pk)}/`;

  async function list(query: { name?: string }, options?: CallOptions) {
    const providers = await api.list(
      { path: PROVIDERS, query, permission: PERMISSIONS.viewProvider, options },
      providerSchema,
    );
    return providers.filter(
      ({ metaModelName }) => metaModelName === OAUTH2_PROVIDER_MODEL,
    );
  }

  return {
    getProvider: async (pk, options) =>
      api.find(
        { path: pathOf(pk), permission: PERMISSIONS.viewProvider, options },
        providerSchema,
      ),

    findProviderByName: async (name, options) =>
      only(
        `provider "${name}"`,
        await list({ name }, options),
        provider => provider.name === name,
      ),

    listProviders: async options => list({}, options),

    createProvider: async (fields, options) =>
      api.write(
        {
          method: 'POST',
          path: PROVIDERS,
          permission: PERMISSIONS.addProvider,
          body: encodeProvider(fields),
          secrets: [fields.clientSecret],
          options,
        },
        providerSchema,
      ),

    updateProvider: async (pk, fields, options) =>
      api.write(
        {
          method: 'PATCH',
          path: pathOf(pk),
          permission: PERMISSIONS.changeProvider,
          body: encodeProvider(fields),
          secrets: [fields.clientSecret],
          options,
        },
        providerSchema,
      ),

    deleteProvider: async (pk, options) =>
      api.delete({
        path: pathOf(pk),
        permission: PERMISSIONS.deleteProvider,
        options,
      }),

    previewClaims: async (pk, forUser, options) => {
      try {
        const { preview } = await api.get(
          {
            path: `${pathOf(pk)}preview_user/`,
            query: { for_user: forUser?.toString() },
            permission: PERMISSIONS.viewProvider,
            options,
          },
          previewSchema,
        );
        return preview;
      } catch (error) {
        if (isError(error) && error.name === InputError.name) {
          // authentik answers the same for a user that does not exist and for one that may not be previewed.
          throw new InputError(
            `${error.message}; the token may lack authentik_core.preview_user`,
          );
        }
        throw error;
      }
    },
  };
}
