import { z } from 'zod';
import { integrationStateSchema } from '../integration';
import { problemSchema } from '../problems';

/**
 * A change of state, or a run of an action.
 *
 * @public
 */
export const historyEntrySchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('state'),
    id: z.string(),
    /** ISO 8601, UTC. */
    at: z.string(),
    /** Absent for the first observation. */
    from: integrationStateSchema.optional(),
    to: integrationStateSchema,
    /** The problems at that time, the worst first. */
    problems: z.array(
      problemSchema.pick({ id: true, severity: true, title: true }),
    ),
  }),
  z.object({
    kind: z.literal('run'),
    id: z.string(),
    /** When it began: ISO 8601, UTC. */
    at: z.string(),
    /** When it ended: ISO 8601, UTC. */
    endedAt: z.string().optional(),
    /** Id of the action, such as `hoop:gateway:configure`. */
    action: z.string(),
    /** `lost`: its process ended before the run did. */
    outcome: z.enum(['running', 'completed', 'failed', 'lost']),
    /** Who started it, as an entity reference; absent where that is not known. */
    user: z.string().optional(),
    /** The scaffolder task that it belongs to. */
    taskId: z.string(),
  }),
]);

/** @public */
export type HistoryEntry = z.infer<typeof historyEntrySchema>;

/** @public */
export const historyPageSchema = z.object({
  /** The newest first. */
  items: z.array(historyEntrySchema),
  /** Continues the list; absent on the last page. */
  nextCursor: z.string().optional(),
});

/** @public */
export type HistoryPage = z.infer<typeof historyPageSchema>;
