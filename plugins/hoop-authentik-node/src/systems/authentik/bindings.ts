import { type AuthentikApi, segment } from './AuthentikApi';
import { encodeBinding } from './encode';
import { PERMISSIONS } from './permissions';
import { bindingSchema } from './schemas';
import type { CallOptions } from '../../core';
import type { AuthentikBinding, AuthentikBindingFields } from './types';

const BINDINGS = 'policies/bindings/';

/**
 * Bindings of policies, groups and users to applications, below `policies/bindings/`.
 *
 * @internal
 */
export class BindingEndpoints {
  readonly #api: AuthentikApi;

  constructor(api: AuthentikApi) {
    this.#api = api;
  }

  async list(
    target: string,
    options?: CallOptions,
  ): Promise<AuthentikBinding[]> {
    const bindings = await this.#list({ target }, options);
    return bindings.filter(binding => binding.target === target);
  }

  async listAll(options?: CallOptions): Promise<AuthentikBinding[]> {
    return this.#list({}, options);
  }

  async create(
    target: string,
    fields: AuthentikBindingFields,
    options?: CallOptions,
  ): Promise<AuthentikBinding> {
    return this.#api.write(
      {
        method: 'POST',
        path: BINDINGS,
        permission: PERMISSIONS.addBinding,
        body: encodeBinding(target, fields),
        options,
      },
      bindingSchema,
    );
  }

  async update(
    pk: string,
    target: string,
    fields: AuthentikBindingFields,
    options?: CallOptions,
  ): Promise<AuthentikBinding> {
    return this.#api.write(
      {
        method: 'PATCH',
        path: `${BINDINGS}${segment(pk)}/`,
        permission: PERMISSIONS.changeBinding,
        body: encodeBinding(target, fields),
        options,
      },
      bindingSchema,
    );
  }

  async delete(pk: string, options?: CallOptions): Promise<boolean> {
    const path = `${BINDINGS}${segment(pk)}/`;
    const permission = PERMISSIONS.deleteBinding;
    return this.#api.delete({ path, permission, options });
  }

  async #list(
    query: { target?: string },
    options: CallOptions | undefined,
  ): Promise<AuthentikBinding[]> {
    const bindings = await this.#api.list(
      { path: BINDINGS, query, permission: PERMISSIONS.viewBinding, options },
      bindingSchema,
    );
    return bindings.sort((a, b) => a.order - b.order);
  }
}
