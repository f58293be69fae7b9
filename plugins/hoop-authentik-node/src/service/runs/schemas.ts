import { z } from 'zod';

const text = z.string().min(1).max(255);

/** What a run asks the backend plugin for its gateway with. @alpha */
export const runRequestSchema = z.object({
  taskId: text,
  action: text,
  user: text.optional(),
});

/** How a run ended. @alpha */
export const runEndSchema = z.object({
  outcome: z.enum(['completed', 'failed']).default('completed'),
});

/** @alpha */
export const createdObjectSchema = z.object({
  system: text,
  kind: z.enum(['application', 'provider', 'certificate']),
  name: text,
  proof: text.optional(),
});

/** @alpha */
export const storedSwitchSchema = z.object({
  since: z.iso.datetime(),
  previousMethod: z.enum(['local', 'oidc', 'saml', 'other']),
  written: z.string().regex(/^[A-Za-z0-9+/]{43}=$/),
});

/** A grant of access, as it is recorded. @alpha */
export const accessGrantRecordSchema = z.object({
  id: z.uuid(),
  request: text,
  system: text,
  application: text,
  target: text,
  binding: z.string().max(255),
  mark: z.number().int().nonnegative(),
  subject: z.object({ kind: z.enum(['group', 'user']), key: text, name: text }),
  until: z.iso.datetime().optional(),
});

/** Whose the gateway is; what was recorded for it only for the run that asked. @internal */
export const runAnswerSchema = z.object({
  holder: z.object({
    runId: text,
    taskId: text,
    action: text,
    since: z.string(),
  }),
  created: z.array(createdObjectSchema),
  unverifiedSwitch: storedSwitchSchema.optional(),
  grants: z.array(accessGrantRecordSchema),
});

/** Whether the run still held its gateway. @internal */
export const heldSchema = z.object({ held: z.boolean() });
