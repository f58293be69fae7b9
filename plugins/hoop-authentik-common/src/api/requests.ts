import { z } from 'zod';
import { problemSchema } from '../problems';
import { listOf, pageQuerySchema } from './query';

/**
 * What people ask for: `connect` joins the gateway of an entity to authentik; `access` lets a group or a user sign in.
 *
 * @public
 */
export const requestKindSchema = z.enum(['connect', 'access']);

/** @public */
export type RequestKind = z.infer<typeof requestKindSchema>;

/**
 * The way of a request: `pending → approved → running → completed | failed`, or
 * `pending → declined | withdrawn | expired`. A failed one can be approved again.
 *
 * @public
 */
export const requestStateSchema = z.enum([
  'pending',
  'approved',
  'running',
  'completed',
  'failed',
  'declined',
  'withdrawn',
  'expired',
]);

/** @public */
export type RequestState = z.infer<typeof requestStateSchema>;

/** States in which something is still to happen by itself or by a decision. @public */
export const OPEN_REQUEST_STATES: readonly RequestState[] = [
  'pending',
  'approved',
  'running',
];

/** Of a reason and of a comment. @public */
export const REQUEST_TEXT_LIMITS: { shortest: number; longest: number } = {
  shortest: 10,
  longest: 500,
};

/** Control characters but line breaks, and those that turn the direction of a text and so its meaning. */
const HIDDEN = /[\p{Cc}\p{Bidi_Control}]/u;

const plainText = z
  .string()
  .trim()
  .max(REQUEST_TEXT_LIMITS.longest)
  .refine(
    text => !HIDDEN.test(text.replaceAll('\n', '')),
    'expected text without control characters',
  );

const reference = z
  .string()
  .min(1)
  .max(255)
  .refine(
    text => !HIDDEN.test(text),
    'expected a reference without control characters',
  );

const asked = {
  /** Full reference of an entity that is attached to a gateway. */
  entityRef: reference,
  reason: plainText.min(REQUEST_TEXT_LIMITS.shortest),
};

/**
 * What a user asks for. Groups and subjects are catalog entities: groups that the user belongs to, or the user.
 *
 * @public
 */
export const newRequestSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('connect'),
    ...asked,
    /** References of groups whose members are to sign in, beside the groups that app-config allows for the gateway. */
    groups: z.array(reference).max(10).default([]),
  }),
  z.strictObject({
    kind: z.literal('access'),
    ...asked,
    /** Reference of the group, or of the user who asks. */
    subject: reference,
    /** When the access ends: ISO 8601, UTC. Absent where it does not end by itself. */
    until: z.iso.datetime().optional(),
  }),
]);

/** As a caller writes it. @public */
export type NewRequest = z.input<typeof newRequestSchema>;

/** Who can be let in. @public */
export const requestSubjectSchema = z.object({
  kind: z.enum(['group', 'user']),
  /** In the catalog: a full entity reference. */
  ref: z.string(),
  title: z.string(),
  /** In authentik: the name of the group or the user. */
  name: z.string(),
});

/** @public */
export type RequestSubject = z.infer<typeof requestSubjectSchema>;

/**
 * What the caller can ask for at an entity.
 *
 * @public
 */
export const requestOptionsSchema = z.object({
  gateway: z.object({ name: z.string(), title: z.string() }),
  /** Groups that the caller belongs to, and the caller, as far as authentik knows them by the configured mapping. */
  subjects: z.array(requestSubjectSchema),
  /** Groups of authentik that a connection binds in any case. */
  allowedGroups: z.array(z.string()),
  /** Who decides: full entity references. */
  approvers: z.array(z.string()),
});

/** @public */
export type RequestOptions = z.infer<typeof requestOptionsSchema>;

/** A binding that was made for a request. @public */
export const requestGrantSchema = z.object({
  /** When it ends: ISO 8601, UTC. Absent where it does not end by itself. */
  until: z.string().optional(),
  endedAt: z.string().optional(),
  /** `missing`: authentik had it no more. */
  ended: z.enum(['expired', 'revoked', 'missing']).optional(),
});

/** @public */
export type RequestGrant = z.infer<typeof requestGrantSchema>;

/**
 * A request as the caller may see it.
 *
 * @public
 */
export const accessRequestSchema = z.object({
  id: z.string(),
  kind: requestKindSchema,
  state: requestStateSchema,
  entityRef: z.string(),
  gateway: z.object({ name: z.string(), title: z.string() }),
  /** Slug of the application. */
  application: z.string(),
  /** Full reference of the user who asked. */
  requester: z.string(),
  reason: z.string(),
  /** Of a connection: names of the groups in authentik whose members are to sign in. */
  groups: z.array(z.string()),
  /** Of an access request. */
  subject: requestSubjectSchema.omit({ title: true }).optional(),
  /** When the access ends: ISO 8601, UTC. */
  until: z.string().optional(),
  /** Who decides: full entity references. */
  approvers: z.array(z.string()),
  /** ISO 8601, UTC, as every time here. */
  createdAt: z.string(),
  /** Until when it can be decided. */
  expiresAt: z.string(),
  decidedAt: z.string().optional(),
  decidedBy: z.string().optional(),
  /** What the approver wrote. */
  comment: z.string().optional(),
  /** The scaffolder task that carries it out. */
  taskId: z.string().optional(),
  endedAt: z.string().optional(),
  /** Why it failed. */
  failure: z.string().optional(),
  grant: requestGrantSchema.optional(),
  /** What the caller may do with it now. */
  may: z.object({
    decide: z.boolean(),
    withdraw: z.boolean(),
    retry: z.boolean(),
    revoke: z.boolean(),
  }),
});

/** @public */
export type AccessRequest = z.infer<typeof accessRequestSchema>;

/**
 * What carrying out a request would change now.
 *
 * @public
 */
export const requestPlanSchema = z.object({
  /** Secrets appear as `<changed>`. */
  changes: z.array(
    z.object({
      object: z.string(),
      field: z.string(),
      from: z.string(),
      to: z.string(),
    }),
  ),
  notes: z.array(z.string()),
  /** Why it cannot be carried out as things are. */
  refusal: z.string().optional(),
  /** Names this plan; an approval holds for it only. */
  digest: z.string(),
});

/** @public */
export type RequestPlan = z.infer<typeof requestPlanSchema>;

/**
 * One request; for those who may decide about it with the plan as it is now.
 *
 * @public
 */
export const requestDetailSchema = accessRequestSchema.extend({
  plan: requestPlanSchema.optional(),
  /** Why there is no plan, such as an authentik that does not answer. */
  planError: z.string().optional(),
  /** What is wrong with the integration at present, the worst first. */
  problems: z.array(
    problemSchema.pick({ id: true, severity: true, title: true, params: true }),
  ),
});

/** @public */
export type RequestDetail = z.infer<typeof requestDetailSchema>;

/** @public */
export const createdRequestSchema = z.object({
  request: accessRequestSchema,
  /** `false`: the same was asked for before, and that request is still open. */
  created: z.boolean(),
});

/** @public */
export type CreatedRequest = z.infer<typeof createdRequestSchema>;

/** @public */
export const requestPageSchema = z.object({
  /** The newest first. */
  items: z.array(accessRequestSchema),
  /** Continues the list; absent on the last page. */
  nextCursor: z.string().optional(),
});

/** @public */
export type RequestPage = z.infer<typeof requestPageSchema>;

/**
 * The query of a list. `toDecide`: pending ones that the caller may decide; `mine`: those of the caller; `closed`: all others
 * that the caller may see, so those that were decided, withdrawn or have expired.
 *
 * @public
 */
export const requestQuerySchema = pageQuerySchema.extend({
  view: z.enum(['toDecide', 'mine', 'closed']).default('mine'),
  state: listOf(requestStateSchema).optional(),
  kind: listOf(requestKindSchema).optional(),
  /** Names of gateways. */
  gateway: listOf(z.string()).optional(),
  /** Full entity references. */
  entityRef: listOf(z.string()).optional(),
  /** Part of the name or title of a gateway, of an entity reference, a requester or a subject; case does not matter. */
  text: z.string().max(200).optional(),
});

/** The query as a caller writes it. @public */
export type RequestQuery = z.input<typeof requestQuerySchema>;

const planDigest = z.string().min(1).max(100);

/**
 * A decision about a pending request. An approval names the plan that the approver has seen.
 *
 * @public
 */
export const requestDecisionSchema = z.discriminatedUnion('decision', [
  z.strictObject({
    decision: z.literal('approve'),
    planDigest,
    comment: plainText.optional(),
  }),
  z.strictObject({
    decision: z.literal('decline'),
    comment: plainText.min(1, 'expected a comment that says why'),
  }),
]);

/** @public */
export type RequestDecision = z.input<typeof requestDecisionSchema>;

/** Another attempt for a request that failed; an approval of the plan as it is now. @public */
export const requestRetrySchema = z.strictObject({ planDigest });

/** @public */
export type RequestRetry = z.input<typeof requestRetrySchema>;

/**
 * Channel of the signals to open pages that some request has changed.
 *
 * @public
 */
export const REQUESTS_SIGNAL_CHANNEL = 'hoop-authentik:requests';
