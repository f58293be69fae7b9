import {
  integrationStateSchema,
  type Integration,
  type IntegrationState,
} from 'backstage-plugin-hoop-authentik-common';
import type { z as Zod } from 'zod/v3';

/** The registry's zod is another version than that of the HTTP API. */
type Z = typeof Zod;

/** None of the actions writes. @internal */
export const READ_ONLY = {
  readOnly: true,
  destructive: false,
  idempotent: true,
};

/** Texts for descriptions of actions. @internal */
export const STATES_EXPLAINED =
  '`connected`: the gateway signs people in with authentik as it should. `not-connected`: it does not use this authentik. ' +
  '`pending`: settings are stored but not in use yet. `drifted`: a check fails. `down`: the gateway does not run or answer. ' +
  '`unreachable`: a system could not be observed, and nothing is known to be wrong.';

/** @internal */
export const stateSchema = (z: Z) =>
  z.enum(
    integrationStateSchema.options as [IntegrationState, ...IntegrationState[]],
  );

/** @internal */
export const problemsSchema = (z: Z) =>
  z
    .array(
      z.object({
        id: z.string(),
        severity: z.enum(['fail', 'unknown', 'warn']),
        title: z.string(),
        error: z.string().optional(),
        remedy: z.string(),
      }),
    )
    .describe('What a person can act on, the worst first');

/** @internal */
export const checksSchema = (z: Z) =>
  z.array(
    z.object({
      id: z.string(),
      title: z.string(),
      status: z.enum(['pass', 'warn', 'fail', 'unknown', 'skipped']),
      expected: z.string().optional(),
      actual: z.string().optional(),
    }),
  );

/** The part of an integration that the actions show; pure. @internal */
export function shownReport({
  state,
  warnings,
  complete,
  observedAt,
  problems,
  checks,
}: Integration) {
  return {
    state,
    warnings,
    complete,
    observedAt,
    problems: problems.map(({ id, severity, title, error, remedy }) => ({
      id,
      severity,
      title,
      error,
      remedy,
    })),
    checks: checks.map(({ id, title, status, expected, actual }) => ({
      id,
      title,
      status,
      expected,
      actual,
    })),
  };
}

/** @internal */
export const reportSchema = (z: Z) =>
  z.object({
    state: stateSchema(z),
    warnings: z.number().describe('How many problems are warnings'),
    complete: z.boolean().describe('Whether every check could be decided'),
    observedAt: z.string().describe('ISO 8601, UTC'),
    problems: problemsSchema(z),
    checks: checksSchema(z),
  });
