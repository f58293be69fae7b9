import { type AuthentikApi, segment } from './AuthentikApi';
import { only } from './only';
import { PERMISSIONS } from './permissions';
import {
  flowSchema,
  groupMembersSchema,
  groupSchema,
  keyPairSchema,
  policySchema,
  scopeMappingSchema,
  signInSchema,
  userSchema,
  usesSchema,
} from './schemas';
import type { CallOptions } from '../../core';
import type {
  AuthentikFlow,
  AuthentikGroup,
  AuthentikGroupMembers,
  AuthentikKeyPair,
  AuthentikPolicy,
  AuthentikScopeMapping,
  AuthentikUse,
  AuthentikUser,
} from './types';

/**
 * The objects that applications refer to, and the events they leave.
 *
 * @internal
 */
export class Lookups {
  readonly #api: AuthentikApi;

  constructor(api: AuthentikApi) {
    this.#api = api;
  }

  async listFlows(
    filter: { designation?: string },
    options?: CallOptions,
  ): Promise<AuthentikFlow[]> {
    const { designation } = filter;
    const flows = await this.#api.list(
      {
        path: 'flows/instances/',
        query: { designation },
        permission: PERMISSIONS.viewFlow,
        options,
      },
      flowSchema,
    );
    return flows.filter(
      flow => designation === undefined || flow.designation === designation,
    );
  }

  async listKeyPairs(options?: CallOptions): Promise<AuthentikKeyPair[]> {
    return this.#api.list(
      {
        path: 'crypto/certificatekeypairs/',
        permission: PERMISSIONS.viewKeyPair,
        options,
      },
      keyPairSchema,
    );
  }

  async listKeyPairUses(
    pk: string,
    options?: CallOptions,
  ): Promise<AuthentikUse[]> {
    const path = `crypto/certificatekeypairs/${segment(pk)}/used_by/`;
    const permission = PERMISSIONS.viewKeyPair;
    return this.#api.get({ path, permission, options }, usesSchema);
  }

  async listScopeMappings(
    options?: CallOptions,
  ): Promise<AuthentikScopeMapping[]> {
    const path = 'propertymappings/provider/scope/';
    const permission = PERMISSIONS.viewScopeMapping;
    return this.#api.list({ path, permission, options }, scopeMappingSchema);
  }

  async findGroup(
    name: string,
    options?: CallOptions,
  ): Promise<AuthentikGroup | undefined> {
    const found = await this.#listGroups({ name }, options);
    return only(`group "${name}"`, found, group => group.name === name);
  }

  async findGroupMembers(
    name: string,
    options?: CallOptions,
  ): Promise<AuthentikGroupMembers | undefined> {
    const found = await this.#api.list(
      {
        path: 'core/groups/',
        query: { name, include_users: 'true' },
        permission: PERMISSIONS.viewGroup,
        options,
      },
      groupMembersSchema,
    );
    return only(`group "${name}"`, found, group => group.name === name);
  }

  async listGroups(options?: CallOptions): Promise<AuthentikGroup[]> {
    return this.#listGroups({}, options);
  }

  async findUser(
    username: string,
    options?: CallOptions,
  ): Promise<AuthentikUser | undefined> {
    const found = await this.#api.list(
      {
        path: 'core/users/',
        query: { username, include_groups: 'false', include_roles: 'false' },
        permission: PERMISSIONS.viewUser,
        options,
      },
      userSchema,
    );
    return only(
      `user "${username}"`,
      found,
      user => user.username === username,
    );
  }

  async listUsersByEmail(
    email: string,
    options?: CallOptions,
  ): Promise<AuthentikUser[]> {
    const found = await this.#api.list(
      {
        path: 'core/users/',
        // The filter by address is exact, upper and lower case included.
        query: {
          search: email,
          include_groups: 'false',
          include_roles: 'false',
        },
        permission: PERMISSIONS.viewUser,
        options,
      },
      userSchema,
    );
    const wanted = email.toLowerCase();
    return found.filter(user => user.email.toLowerCase() === wanted);
  }

  async findPolicy(
    name: string,
    options?: CallOptions,
  ): Promise<AuthentikPolicy | undefined> {
    const found = await this.#api.list(
      {
        path: 'policies/all/',
        query: { search: name },
        permission: PERMISSIONS.viewPolicy,
        options,
      },
      policySchema,
    );
    return only(`policy "${name}"`, found, policy => policy.name === name);
  }

  async getLastSignIn(
    applicationPk: string,
    options?: CallOptions,
  ): Promise<{ at: string; username: string } | undefined> {
    // Events hold primary keys without dashes, and a dashed one matches none of them.
    const pk = applicationPk.replaceAll('-', '');
    const event = await this.#api.first(
      {
        path: 'events/events/',
        query: {
          action: 'authorize_application',
          context_authorized_app: pk,
          ordering: '-created',
        },
        permission: PERMISSIONS.viewEvent,
        options,
      },
      signInSchema,
    );
    return event?.action === 'authorize_application' &&
      event.context.authorized_application?.pk === pk
      ? { at: event.created, username: event.user.username }
      : undefined;
  }

  async #listGroups(
    query: { name?: string },
    options: CallOptions | undefined,
  ): Promise<AuthentikGroup[]> {
    return this.#api.list(
      {
        path: 'core/groups/',
        // Members come in full unless declined; their primary keys come all the same.
        query: { ...query, include_users: 'false' },
        permission: PERMISSIONS.viewGroup,
        options,
      },
      groupSchema,
    );
  }
}
