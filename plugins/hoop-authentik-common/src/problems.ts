import { z } from 'zod';
import {
  CAUSE_IDS,
  causeIdSchema,
  checkIdSchema,
  fixSchema,
  textParamsSchema,
  type CauseId,
} from './checks';

/**
 * How bad a problem is: `fail` something is known to be wrong; `unknown` something could not be observed; `warn` it
 * works, but needs attention.
 *
 * @public
 */
export const problemSeveritySchema = z.enum(['fail', 'unknown', 'warn']);

/** @public */
export type ProblemSeverity = z.infer<typeof problemSeveritySchema>;

/**
 * One cause that a person can act on: a check that does not pass, or the outage or refusal that keeps checks from being
 * decided. An outage is one problem, however many checks wait for it.
 *
 * @public
 */
export const problemSchema = z.object({
  /** That of the check, or of the cause. */
  id: z.union([causeIdSchema, checkIdSchema]),
  severity: problemSeveritySchema,
  title: z.string(),
  /** What the system said, where a cause is the problem. Never a secret. */
  error: z.string().optional(),
  /** What to do about this very cause. */
  remedy: z.string(),
  /** The checks that it affects, in the order of the checks. */
  checks: z.array(checkIdSchema),
  /** What the portal can do about it. */
  fix: fixSchema.optional(),
  /** Where to look at it or fix it. */
  link: z.string().optional(),
  /** The values in its texts. */
  params: textParamsSchema.optional(),
});

/** @public */
export type Problem = z.infer<typeof problemSchema>;

/** @public */
export type ProblemId = Problem['id'];

/**
 * Whether a problem is an outage or a refusal, and not a check that does not pass.
 *
 * @public
 */
export function isCauseId(id: ProblemId): id is CauseId {
  return (CAUSE_IDS as readonly string[]).includes(id);
}
