import { z } from 'zod';

/**
 * What a binding of the application lets in.
 *
 * @public
 */
export const accessGrantSchema = z.object({
  kind: z.enum(['group', 'user', 'policy']),
  /** Name of the group, the user or the policy; its primary key where authentik does not show the name. */
  name: z.string(),
  /** Whether authentik considers it at all. */
  enabled: z.boolean(),
  /** Whether it keeps out whom it names. */
  negate: z.boolean(),
  /** When it ends, ISO 8601; absent where it stays. */
  expires: z.string().optional(),
  /** Of a group: users directly in it, up to a bound. */
  members: z
    .array(
      z.object({
        username: z.string(),
        active: z.boolean(),
      }),
    )
    .optional(),
  /** Of a group: how many users are directly in it. */
  memberCount: z.number().int().nonnegative().optional(),
});

/** @public */
export type AccessGrant = z.infer<typeof accessGrantSchema>;

/**
 * Who may sign in to a gateway, and who did.
 *
 * @public
 */
export const accessSchema = z.object({
  /** Whether there is no binding, so that every user of authentik may sign in. */
  everyone: z.boolean(),
  /** `any`: one grant suffices; `all`: each one is needed. */
  mode: z.enum(['any', 'all']),
  grants: z.array(accessGrantSchema),
  /** The last sign-ins, the newest first; absent where the token may not read events. */
  signIns: z
    .array(z.object({ username: z.string(), at: z.string() }))
    .optional(),
  /** ISO 8601, UTC. */
  observedAt: z.string(),
});

/** @public */
export type Access = z.infer<typeof accessSchema>;
