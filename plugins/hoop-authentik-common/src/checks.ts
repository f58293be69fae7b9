import { z } from 'zod';

/**
 * The outcome of one check: `pass` as the guide requires; `warn` works, but needs attention; `fail` differs; `unknown`
 * could not be decided, because of the cause that the check names; `skipped` does not apply, or not until another check
 * passes.
 *
 * @public
 */
export const checkStatusSchema = z.enum([
  'pass',
  'warn',
  'fail',
  'unknown',
  'skipped',
]);

/** @public */
export type CheckStatus = z.infer<typeof checkStatusSchema>;

/**
 * The system a check looks at.
 *
 * @public
 */
export const checkSystemSchema = z.enum([
  'authentik',
  'kubernetes',
  'gateway',
  'sign-in',
]);

/** @public */
export type CheckSystem = z.infer<typeof checkSystemSchema>;

/**
 * The ids of the checks that come with the plugins, `<system>.<subject>`, in the order in which people read them: cause
 * before consequence.
 *
 * @public
 */
export const CHECK_IDS = [
  'authentik.reachable',
  'authentik.permissions',
  'authentik.application',
  'authentik.provider',
  'authentik.redirect-uri',
  'authentik.signing-key',
  'authentik.signing-key-expiry',
  'authentik.signing-key-shared',
  'authentik.encryption-key',
  'authentik.scopes',
  'authentik.grant-types',
  'authentik.bindings',
  'authentik.declared-bindings',
  'authentik.issuer-mode',
  'authentik.discovery',
  'authentik.authorize',
  'authentik.client-secret',
  'authentik.groups-claim',
  'authentik.email-claim',
  'authentik.token-size',
  'kubernetes.reachable',
  'kubernetes.settings',
  'kubernetes.shadowing',
  'kubernetes.rollout',
  'kubernetes.restarted',
  'kubernetes.image',
  'gateway.reachable',
  'gateway.version',
  'gateway.api-url',
  'gateway.stored-configuration',
  'gateway.auth-method',
  'gateway.oidc-loaded',
  'gateway.admin-group',
  'sign-in.administrator',
  'sign-in.first-user',
  'sign-in.login-url',
  'sign-in.test-account',
] as const satisfies ReadonlyArray<`${CheckSystem}.${string}`>;

/**
 * The id of a check that comes with the plugins.
 *
 * @public
 */
export type BuiltInCheckId = (typeof CHECK_IDS)[number];

/**
 * The id of a check that a third party adds, such as `gateway.x-backup`. The mark `x-` keeps it apart from the checks
 * that come with the plugins, those of later versions included.
 *
 * @public
 */
export type AddedCheckId = `${CheckSystem}.x-${string}`;

/** @public */
export type CheckId = BuiltInCheckId | AddedCheckId;

/** Ids are words and digits joined by hyphens, after the system. A newer backend may have checks unknown here. */
const KEBAB_ID = /^[a-z]+(-[a-z]+)*\.[a-z0-9]+(-[a-z0-9]+)*$/;

/**
 * Accepts any id of the right form, so that an older portal can read the answer of a newer backend.
 *
 * @public
 */
export const checkIdSchema: z.ZodType<CheckId> = z
  .string()
  .regex(KEBAB_ID, 'expected <system>.<subject> in kebab case')
  .transform(id => id as CheckId);

/**
 * What can keep a check from being decided, `<system>.<cause>`: an outage, or the refusal of a token, a key or a right.
 *
 * @public
 */
export const CAUSE_IDS = [
  'gateway.down',
  'authentik.unreachable',
  'authentik.token-refused',
  'authentik.permission-missing',
  'authentik.overloaded',
  'authentik.server-error',
  'authentik.unexpected-answer',
  'authentik.misconfigured',
  'authentik.failed',
  'kubernetes.unreachable',
  'kubernetes.token-refused',
  'kubernetes.forbidden',
  'kubernetes.overloaded',
  'kubernetes.server-error',
  'kubernetes.unexpected-answer',
  'kubernetes.misconfigured',
  'kubernetes.failed',
  'gateway.unreachable',
  'gateway.key-refused',
  'gateway.overloaded',
  'gateway.server-error',
  'gateway.unexpected-answer',
  'gateway.misconfigured',
  'gateway.failed',
] as const;

/** @public */
export type CauseId = (typeof CAUSE_IDS)[number];

/** @public */
export const causeIdSchema = z.enum(CAUSE_IDS);

/**
 * What the portal can do about a problem: run a template, with the form filled in from the other fields. `connect` joins
 * the gateway to an application; `repair` puts the application and the settings right; `restart` restarts the gateway;
 * `rotate` replaces the client secret; `restrict-access` binds groups to the application.
 *
 * @public
 */
export const fixSchema = z.discriminatedUnion('action', [
  z.object({ action: z.literal('connect') }),
  z.object({
    action: z.literal('repair'),
    /** Also replace the signing key by a new one. */
    newSigningKey: z.boolean().optional(),
  }),
  z.object({ action: z.literal('restart') }),
  z.object({ action: z.literal('rotate') }),
  z.object({
    action: z.literal('restrict-access'),
    /** The groups to bind, where they are known. */
    groups: z.array(z.string()).optional(),
  }),
]);

/** @public */
export type Fix = z.infer<typeof fixSchema>;

/**
 * The values in the texts of a check or a problem, by which the texts can be translated; `case` distinguishes texts of the
 * same id and status. Never a secret.
 *
 * @public
 */
export const textParamsSchema = z.record(
  z.string(),
  z.union([z.string(), z.number()]),
);

/** @public */
export type TextParams = z.infer<typeof textParamsSchema>;

/**
 * One observed fact held against what the guide requires.
 *
 * @public
 */
export const checkSchema = z.object({
  /** Stable identifier, such as `authentik.redirect-uri`. */
  id: checkIdSchema,
  system: checkSystemSchema,
  /** What is checked, as a short phrase. */
  title: z.string(),
  status: checkStatusSchema,
  /** What the guide requires. Never a secret. */
  expected: z.string().optional(),
  /** What was found. Never a secret. */
  actual: z.string().optional(),
  /** What to do about it; present where the status is `warn` or `fail`. That of `unknown` is its cause's. */
  remedy: z.string().optional(),
  /** Where to look at it or fix it. */
  link: z.string().optional(),
  /**
   * The problem that keeps it from being decided; always present where the status is `unknown`. A check that fails for the
   * same reason names it too, so that the two are reported as one.
   */
  cause: causeIdSchema.optional(),
  /** What the portal can do about it. */
  fix: fixSchema.optional(),
  /** The values in its texts. */
  params: textParamsSchema.optional(),
});

/** @public */
export type Check = z.infer<typeof checkSchema>;
