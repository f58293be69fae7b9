import { InputError, isError } from '@backstage/errors';
import { type AuthentikApi, segment } from './AuthentikApi';
import { encodeProvider } from './encode';
import { only } from './only';
import { PERMISSIONS } from './permissions';
import {
  OAUTH2_PROVIDER_MODEL,
  previewSchema,
  providerSchema,
} from './schemas';
import type { CallOptions } from '../../core';
import type { AuthentikProvider, AuthentikProviderFields } from './types';

const PROVIDERS = 'providers/oauth2/';

/**
 * OAuth2/OpenID providers, below `providers/oauth2/`.
 *
 * @internal
 */
export class ProviderEndpoints {
  readonly #api: AuthentikApi;

  constructor(api: AuthentikApi) {
    this.#api = api;
  }

  async get(
    pk: number,
    options?: CallOptions,
  ): Promise<AuthentikProvider | undefined> {
    const path = `${PROVIDERS}${segment(pk)}/`;
    const permission = PERMISSIONS.viewProvider;
    return this.#api.find({ path, permission, options }, providerSchema);
  }

  async findByName(
    name: string,
    options?: CallOptions,
  ): Promise<AuthentikProvider | undefined> {
    const found = await this.#list({ name }, options);
    return only(`provider "${name}"`, found, item => item.name === name);
  }

  async list(options?: CallOptions): Promise<AuthentikProvider[]> {
    return this.#list({}, options);
  }

  async create(
    fields: AuthentikProviderFields & { name: string },
    options?: CallOptions,
  ): Promise<AuthentikProvider> {
    return this.#api.write(
      {
        method: 'POST',
        path: PROVIDERS,
        permission: PERMISSIONS.addProvider,
        body: encodeProvider(fields),
        secrets: [fields.clientSecret],
        options,
      },
      providerSchema,
    );
  }

  async update(
    pk: number,
    fields: AuthentikProviderFields,
    options?: CallOptions,
  ): Promise<AuthentikProvider> {
    return this.#api.write(
      {
        method: 'PATCH',
        path: `${PROVIDERS}${segment(pk)}/`,
        permission: PERMISSIONS.changeProvider,
        body: encodeProvider(fields),
        secrets: [fields.clientSecret],
        options,
      },
      providerSchema,
    );
  }

  async delete(pk: number, options?: CallOptions): Promise<boolean> {
    const path = `${PROVIDERS}${segment(pk)}/`;
    const permission = PERMISSIONS.deleteProvider;
    return this.#api.delete({ path, permission, options });
  }

  async previewClaims(
    pk: number,
    forUser: number | undefined,
    options?: CallOptions,
  ): Promise<Record<string, unknown>> {
    try {
      const { preview } = await this.#api.get(
        {
          path: `${PROVIDERS}${segment(pk)}/preview_user/`,
          query: { for_user: forUser?.toString() },
          permission: PERMISSIONS.viewProvider,
          options,
        },
        previewSchema,
      );
      return preview;
    } catch (error) {
      if (isError(error) && /for_user: User not found/.test(error.message)) {
        // The answer is the same for a user that is not there and for one that may not be previewed.
        throw new InputError(
          `${error.message}; the token may lack authentik_core.preview_user`,
        );
      }
      throw error;
    }
  }

  async #list(
    query: { name?: string },
    options: CallOptions | undefined,
  ): Promise<AuthentikProvider[]> {
    const providers = await this.#api.list(
      { path: PROVIDERS, query, permission: PERMISSIONS.viewProvider, options },
      providerSchema,
    );
    return providers.filter(
      ({ metaModelName }) => metaModelName === OAUTH2_PROVIDER_MODEL,
    );
  }
}
