import { z } from 'zod';
import { checkSchema } from './checks';
import { isCauseId, problemSchema, type Problem } from './problems';

/**
 * The roll-up of the checks of an integration: `not-connected` the gateway does not use this authentik; `pending` the
 * settings are stored but not in use yet; `connected` nothing fails; `drifted` a check fails; `down` the gateway does not
 * run or answer, and its cluster or the gateway itself says why; `unreachable` a system could not be observed, and
 * nothing is known to fail.
 *
 * @public
 */
export const integrationStateSchema = z.enum([
  'not-connected',
  'pending',
  'connected',
  'drifted',
  'down',
  'unreachable',
]);

/** @public */
export type IntegrationState = z.infer<typeof integrationStateSchema>;

/**
 * What people run to sign in to a gateway.
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
  /** How many problems are warnings: shown beside the state, since an open gateway is `connected` with a warning. */
  warnings: z.number().int().nonnegative(),
  /** Whether every check could be decided. */
  complete: z.boolean(),
  gateway: z.object({
    /** Name in app-config. */
    name: z.string(),
    title: z.string(),
    /** Public URL, without a trailing slash. */
    url: z.string(),
    /** Version the gateway reports, when it answers. */
    version: z.string().optional(),
    /** How it signs people in at present (`local`, `oidc`, …), when it answers. */
    authMethod: z.string().optional(),
    /** The type of its target; absent in the answer of an older backend. */
    target: z.string().optional(),
  }),
  authentik: z.object({
    /** Name in app-config. */
    name: z.string(),
    baseUrl: z.string(),
    version: z.string().optional(),
  }),
  application: z.object({
    slug: z.string(),
    /** Whether it exists; absent when authentik could not be read. */
    exists: z.boolean().optional(),
    name: z.string().optional(),
    clientId: z.string().optional(),
    issuer: z.string(),
    /** The application's page in authentik's admin interface. */
    adminUrl: z.string(),
  }),
  /** What a person can act on, the worst first. */
  problems: z.array(problemSchema),
  checks: z.array(checkSchema),
  /** The commands of the guide's verification step. */
  commands: z.array(commandSchema),
  /** When the facts were observed: ISO 8601, UTC. */
  observedAt: z.string(),
});

/** @public */
export type Integration = z.infer<typeof integrationSchema>;

/**
 * Rolls the problems of an integration up into a state; pure. What is known to fail is never hidden behind what could not
 * be observed.
 *
 * @param problems - all problems of one integration
 * @param facts - `usesAuthentik`: whether the gateway is set to sign people in with this authentik, `undefined` where that
 *   could not be observed; `settingsInUse`: whether the running gateway has picked up the settings as stored
 * @public
 */
export function integrationState(
  problems: readonly Pick<Problem, 'id' | 'severity'>[],
  facts: { usesAuthentik: boolean | undefined; settingsInUse: boolean },
): IntegrationState {
  if (problems.some(({ id }) => id === 'gateway.down')) {
    return 'down';
  }
  if (facts.usesAuthentik === false) {
    return 'not-connected';
  }
  const failures = problems.filter(({ severity }) => severity === 'fail');
  if (failures.some(({ id }) => !isCauseId(id))) {
    return facts.settingsInUse ? 'drifted' : 'pending';
  }
  return problems.every(({ severity }) => severity === 'warn')
    ? 'connected'
    : 'unreachable';
}
