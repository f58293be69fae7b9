import { z } from 'zod';

const text = z.string().min(1).max(255);

/**
 * What a run of an action presents to show that a request allows it.
 *
 * @alpha
 */
export const presentedRequestSchema = z.strictObject({
  /** Of the request and its approval, as the task was given it. */
  request: text,
  taskId: text,
  /** Who started the task, as an entity reference. */
  user: text.optional(),
  /** Id of the action. */
  action: text,
  /** The gateway and the slug of the application that the inputs lead to. */
  gateway: text,
  application: text,
  /** Every other input of the action. */
  inputs: z.record(z.string(), z.unknown()),
});

/** @alpha */
export type PresentedRequest = z.infer<typeof presentedRequestSchema>;

/** @internal */
export const allowedSchema = z.object({
  allowed: z.boolean(),
  /** Why not. */
  reason: z.string().max(4_000).optional(),
});
