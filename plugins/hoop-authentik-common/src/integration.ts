import { z } from 'zod';

/**
 * The outcome of one check: `pass` as required; `warn` works, but worth a look; `fail` not as required; `unknown` could
 * not be observed; `skipped` does not apply until another check passes.
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
 * One observed fact held against what the guide requires.
 *
 * @public
 */
export const checkSchema = z.object({
  /** Stable identifier, such as `authentik.redirect-uri`. */
  id: z.string(),
  system: checkSystemSchema,
  /** What is checked, as a short phrase. */
  title: z.string(),
  status: checkStatusSchema,
  /** What the guide requires. Never a secret. */
  expected: z.string().optional(),
  /** What was found. Never a secret. */
  actual: z.string().optional(),
  /** What to do about it; present unless the status is `pass` or `skipped`. */
  remedy: z.string().optional(),
  /** Where to look at it or mend it. */
  link: z.string().optional(),
});

/** @public */
export type Check = z.infer<typeof checkSchema>;

/**
 * The roll-up of the checks of an integration: `not-connected` the gateway does not use authentik; `pending` the
 * settings are written but not in use yet; `connected` nothing fails; `drifted` something differs from what is
 * required; `unreachable` a system could not be observed.
 *
 * @public
 */
export const integrationStateSchema = z.enum([
  'not-connected',
  'pending',
  'connected',
  'drifted',
  'unreachable',
]);

/** @public */
export type IntegrationState = z.infer<typeof integrationStateSchema>;

/**
 * What somebody runs to sign in to a gateway.
 *
 * @public
 */
export const commandSchema = z.object({
  title: z.string(),
  command: z.string(),
});

/** @public */
export type Command = z.infer<typeof commandSchema>;

/**
 * One gateway joined to one application, attached to a catalog entity, as observed.
 *
 * @public
 */
export const integrationSchema = z.object({
  entityRef: z.string(),
  state: integrationStateSchema,
  gateway: z.object({
    /** Name in app-config. */
    name: z.string(),
    title: z.string(),
    /** Public URL, without a trailing slash. */
    url: z.string(),
    /** Version the gateway reports, when it answers. */
    version: z.string().optional(),
    /** How it signs people in at present (`local`, `oidc`, ...), when it answers. */
    authMethod: z.string().optional(),
  }),
  authentik: z.object({
    /** Name in app-config. */
    name: z.string(),
    baseUrl: z.string(),
    version: z.string().optional(),
  }),
  application: z.object({
    slug: z.string(),
    /** Whether it exists; absent when authentik could not be asked. */
    exists: z.boolean().optional(),
    name: z.string().optional(),
    clientId: z.string().optional(),
    issuer: z.string(),
    /** The application's page in authentik's admin interface. */
    adminUrl: z.string(),
  }),
  checks: z.array(checkSchema),
  /** The commands of the guide's verification step. */
  commands: z.array(commandSchema),
  /** When the facts were observed: ISO 8601, UTC. */
  observedAt: z.string(),
});

/** @public */
export type Integration = z.infer<typeof integrationSchema>;

/**
 * Rolls checks up into a state; pure.
 *
 * @param checks - all checks of one integration
 * @param facts - `usesAuthentik`: whether the gateway is set to sign people in with this authentik at all;
 *   `settingsInUse`: whether the running gateway has picked up the settings as stored
 * @public
 */
export function integrationState(
  checks: Check[],
  facts: { usesAuthentik: boolean; settingsInUse: boolean },
): IntegrationState {
  if (checks.some(check => check.status === 'unknown')) {
    return 'unreachable';
  }
  if (!facts.usesAuthentik) {
    return 'not-connected';
  }
  if (!checks.some(check => check.status === 'fail')) {
    return 'connected';
  }
  return facts.settingsInUse ? 'drifted' : 'pending';
}
