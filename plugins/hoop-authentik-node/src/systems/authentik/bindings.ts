import { InputError } from '@backstage/errors';
import { z } from 'zod';
import type { CallOptions } from '../../core';
import type { AuthentikApi } from './AuthentikApi';
import { apiObject, encode, optional, optionalText } from './codec';
import { segment } from './names';
import { PERMISSIONS } from './permissions';

const BINDINGS = 'policies/bindings/';

const bindingFields = {
  policy: optionalText,
  group: optionalText,
  user: optional(z.number()),
  order: z.number(),
  enabled: z.boolean().default(true),
  negate: z.boolean().default(false),
  /** Seconds. */
  timeout: z.number().default(30),
  failureResult: z.boolean().default(false),
  /** ISO 8601; authentik deletes the binding then. */
  expires: optionalText,
};

const bindingSchema = apiObject({
  pk: z.string(),
  target: z.string(),
  ...bindingFields,
  /** From 2026.8. */
  expiring: optional(z.boolean()),
  groupObj: optional(apiObject({ name: z.string() })),
  userObj: optional(apiObject({ username: z.string() })),
  policyObj: optional(apiObject({ name: z.string() })),
}).transform(read => {
  const { groupObj, userObj, policyObj, expiring, expires, ...binding } = read;
  /** Of what is bound, as far as the server includes them. */
  const names: { groupName?: string; username?: string; policyName?: string } =
    {
      ...(groupObj ? { groupName: groupObj.name } : {}),
      ...(userObj ? { username: userObj.username } : {}),
      ...(policyObj ? { policyName: policyObj.name } : {}),
    };
  return {
    ...binding,
    ...names,
    ...(expiring && expires !== undefined ? { expires } : {}),
  };
});

/**
 * A binding of a policy, a group or a user to an application.
 *
 * @alpha
 */
export type AuthentikBinding = z.infer<typeof bindingSchema>;

/**
 * What can be set on a binding; exactly one of `policy`, `group` and `user` is given.
 *
 * @alpha
 */
export type AuthentikBindingFields = Partial<
  z.output<z.ZodObject<typeof bindingFields>>
> &
  Pick<AuthentikBinding, 'order'>;

/**
 * Bindings of policies, groups and users to applications, below `policies/bindings/`.
 *
 * @alpha
 */
export interface AuthentikBindings {
  /** Bindings of an application, by order. `GET /policies/bindings/?target=` */
  listBindings(
    target: string,
    options?: CallOptions,
  ): Promise<AuthentikBinding[]>;
  /** Every binding. `GET /policies/bindings/` */
  listAllBindings(options?: CallOptions): Promise<AuthentikBinding[]>;
  /** `POST /policies/bindings/` */
  createBinding(
    target: string,
    fields: AuthentikBindingFields,
    options?: CallOptions,
  ): Promise<AuthentikBinding>;
  /** Sends the target and the subject too, without which the server crashes. `PATCH /policies/bindings/{pk}/` */
  updateBinding(
    pk: string,
    target: string,
    fields: AuthentikBindingFields,
    options?: CallOptions,
  ): Promise<AuthentikBinding>;
  /** `DELETE /policies/bindings/{pk}/` */
  deleteBinding(pk: string, options?: CallOptions): Promise<boolean>;
}

/**
 * The body for a binding, without its target. All three subjects are always sent, the unbound ones as `null`: a PATCH
 * keeps a subject that it omits, so a binding moved from a group to a user would be bound to both.
 *
 * @throws InputError unless exactly one subject is given; PATCH does not enforce that
 * @internal
 */
export function encodeSubject(
  fields: AuthentikBindingFields,
): Record<string, unknown> {
  const { policy = null, group = null, user = null } = fields;
  const subjects = [policy, group, user].filter(subject => subject !== null);
  if (subjects.length !== 1) {
    throw new InputError(
      'A binding requires exactly one of policy, group and user',
    );
  }
  return {
    ...encode(bindingFields, { ...fields, policy, group, user }),
    ...(fields.expires === undefined ? {} : { expiring: true }),
  };
}

/** @internal */
export function authentikBindings(api: AuthentikApi): AuthentikBindings {
  const pathOf = (pk: string) => `${BINDINGS}${segment(pk)}/`;

  async function list(query: { target?: string }, options?: CallOptions) {
    const bindings = await api.list(
      { path: BINDINGS, query, permission: PERMISSIONS.viewBinding, options },
      bindingSchema,
    );
    return bindings.sort((a, b) => a.order - b.order);
  }

  return {
    listBindings: async (target, options) => {
      const bindings = await list({ target }, options);
      return bindings.filter(binding => binding.target === target);
    },

    listAllBindings: async options => list({}, options),

    createBinding: async (target, fields, options) =>
      api.write(
        {
          method: 'POST',
          path: BINDINGS,
          permission: PERMISSIONS.addBinding,
          body: { target, ...encodeSubject(fields) },
          options,
        },
        bindingSchema,
      ),

    updateBinding: async (pk, target, fields, options) =>
      api.write(
        {
          method: 'PATCH',
          path: pathOf(pk),
          permission: PERMISSIONS.changeBinding,
          body: { target, ...encodeSubject(fields) },
          options,
        },
        bindingSchema,
      ),

    deleteBinding: async (pk, options) =>
      api.delete({
        path: pathOf(pk),
        permission: PERMISSIONS.deleteBinding,
        options,
      }),
  };
}
