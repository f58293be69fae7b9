import { z } from 'zod';
import type { CallOptions } from '../../core';
import type { AuthentikApi } from './AuthentikApi';
import { apiObject, optional, optionalText, text } from './codec';
import { only } from './names';
import { PERMISSIONS } from './permissions';

const flowSchema = apiObject({
  pk: z.string(),
  slug: z.string(),
  name: z.string(),
  designation: z.string(),
});

const scopeMappingSchema = apiObject({
  pk: z.string(),
  name: z.string(),
  scopeName: z.string(),
  managed: optionalText,
});

const groupSchema = apiObject({
  pk: z.string(),
  name: z.string(),
  /** Primary keys of the users directly in the group. */
  users: z.array(z.number()).default([]),
});

const memberSchema = apiObject({
  pk: z.number(),
  username: z.string(),
  isActive: z.boolean().default(true),
});

const groupMembersSchema = apiObject({
  pk: z.string(),
  name: z.string(),
  usersObj: optional(z.array(memberSchema)),
}).transform(({ usersObj, ...group }) => ({
  ...group,
  members: usersObj ?? [],
}));

const userSchema = apiObject({
  pk: z.number(),
  username: z.string(),
  name: text,
  email: text,
  isActive: z.boolean().default(true),
});

const policySchema = apiObject({ pk: z.string(), name: z.string() });

const signInSchema = apiObject({
  pk: z.string(),
  action: z.string(),
  created: z.string(),
  user: apiObject({ username: text }),
  context: apiObject({
    authorizedApplication: optional(apiObject({ pk: optionalText })),
  }),
});

const blueprintSchema = apiObject({
  pk: z.string(),
  name: z.string(),
  enabled: z.boolean().default(true),
  /** Empty where the blueprint is a file or comes from a registry. */
  content: z.string().default(''),
});

/** A blueprint that authentik applies again whenever it changes. @alpha */
export type AuthentikBlueprint = z.infer<typeof blueprintSchema>;

/** @alpha */
export type AuthentikFlow = z.infer<typeof flowSchema>;

/** @alpha */
export type AuthentikScopeMapping = z.infer<typeof scopeMappingSchema>;

/** @alpha */
export type AuthentikGroup = z.infer<typeof groupSchema>;

/** A group with its direct members; the `groups` claim lists direct groups only. @alpha */
export type AuthentikGroupMembers = z.infer<typeof groupMembersSchema>;

/** @alpha */
export type AuthentikUser = z.infer<typeof userSchema>;

/** @alpha */
export type AuthentikPolicy = z.infer<typeof policySchema>;

/**
 * The objects that applications refer to, and the events they cause: only ever read.
 *
 * @alpha
 */
export interface AuthentikLookups {
  /** `GET /flows/instances/` */
  listFlows(
    filter: { designation?: string },
    options?: CallOptions,
  ): Promise<AuthentikFlow[]>;
  /** `GET /propertymappings/provider/scope/` */
  listScopeMappings(options?: CallOptions): Promise<AuthentikScopeMapping[]>;
  /** `GET /managed/blueprints/` */
  listBlueprints(options?: CallOptions): Promise<AuthentikBlueprint[]>;
  /** Exact name. `GET /core/groups/?name=` */
  findGroup(
    name: string,
    options?: CallOptions,
  ): Promise<AuthentikGroup | undefined>;
  /** Exact name, with its members. `GET /core/groups/?name=&include_users=true` */
  findGroupMembers(
    name: string,
    options?: CallOptions,
  ): Promise<AuthentikGroupMembers | undefined>;
  /** `GET /core/groups/` */
  listGroups(options?: CallOptions): Promise<AuthentikGroup[]>;
  /** Exact user name. `GET /core/users/?username=` */
  findUser(
    username: string,
    options?: CallOptions,
  ): Promise<AuthentikUser | undefined>;
  /** By email address, ignoring case. `GET /core/users/?search=` */
  listUsersByEmail(
    email: string,
    options?: CallOptions,
  ): Promise<AuthentikUser[]>;
  /** Exact name. `GET /policies/all/?search=` */
  findPolicy(
    name: string,
    options?: CallOptions,
  ): Promise<AuthentikPolicy | undefined>;
  /**
   * The last times that users were let into an application, the newest first; at most 100.
   * `GET /events/events/?action=authorize_application`
   */
  listSignIns(
    applicationPk: string,
    count: number,
    options?: CallOptions,
  ): Promise<Array<{ at: string; username: string }>>;
}

/** @internal */
export function authentikLookups(api: AuthentikApi): AuthentikLookups {
  async function listGroups(query: { name?: string }, options?: CallOptions) {
    return api.list(
      {
        path: 'core/groups/',
        // Members come in full unless declined; their primary keys always come.
        query: { ...query, include_users: 'false' },
        permission: PERMISSIONS.viewGroup,
        options,
      },
      groupSchema,
    );
  }

  async function listUsers(
    query: { username: string } | { search: string },
    options?: CallOptions,
  ) {
    return api.list(
      {
        path: 'core/users/',
        query: { ...query, include_groups: 'false', include_roles: 'false' },
        permission: PERMISSIONS.viewUser,
        options,
      },
      userSchema,
    );
  }

  return {
    listFlows: async ({ designation }, options) => {
      const flows = await api.list(
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
    },

    listScopeMappings: async options =>
      api.list(
        {
          path: 'propertymappings/provider/scope/',
          permission: PERMISSIONS.viewScopeMapping,
          options,
        },
        scopeMappingSchema,
      ),

    listBlueprints: async options =>
      api.list(
        {
          path: 'managed/blueprints/',
          permission: PERMISSIONS.viewBlueprint,
          options,
        },
        blueprintSchema,
      ),

    findGroup: async (name, options) =>
      only(
        `group "${name}"`,
        await listGroups({ name }, options),
        group => group.name === name,
      ),

    findGroupMembers: async (name, options) => {
      const found = await api.list(
        {
          path: 'core/groups/',
          query: { name, include_users: 'true' },
          permission: PERMISSIONS.viewGroup,
          options,
        },
        groupMembersSchema,
      );
      return only(`group "${name}"`, found, group => group.name === name);
    },

    listGroups: async options => listGroups({}, options),

    findUser: async (username, options) =>
      only(
        `user "${username}"`,
        await listUsers({ username }, options),
        user => user.username === username,
      ),

    listUsersByEmail: async (email, options) => {
      const wanted = email.toLowerCase();
      // The server's filter by address is case-sensitive; its search is not.
      const found = await listUsers({ search: email }, options);
      return found.filter(user => user.email.toLowerCase() === wanted);
    },

    findPolicy: async (name, options) => {
      const found = await api.list(
        {
          path: 'policies/all/',
          query: { search: name },
          permission: PERMISSIONS.viewPolicy,
          options,
        },
        policySchema,
      );
      return only(`policy "${name}"`, found, policy => policy.name === name);
    },

    listSignIns: async (applicationPk, count, options) => {
      // Events hold primary keys without dashes; a dashed one matches none of them.
      const pk = applicationPk.replaceAll('-', '');
      const events = await api.first(
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
        count,
        signInSchema,
      );
      return events
        .filter(
          ({ action, context }) =>
            action === 'authorize_application' &&
            context.authorizedApplication?.pk === pk,
        )
        .map(({ created, user }) => ({
          at: created,
          username: user.username,
        }));
    },
  };
}
