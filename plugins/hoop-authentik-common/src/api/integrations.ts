import { z } from 'zod';
import { integrationSchema, integrationStateSchema } from '../integration';
import { problemSchema } from '../problems';
import { flagSchema, listOf, pageQuerySchema } from './query';

/**
 * One row of the list: an entity attached to a gateway, or a gateway that no entity is attached to.
 *
 * @public
 */
export const integrationSummarySchema = z.object({
  /** Stable for the same entity, or the same gateway without one. */
  id: z.string(),
  /** Absent for a gateway that no entity is attached to. */
  entityRef: z.string().optional(),
  /** Full entity reference; absent where the entity has no owner, or there is no entity. */
  owner: z.string().optional(),
  gateway: z.object({
    /** As the entity names it, whether or not there is such a gateway. */
    name: z.string(),
    title: z.string(),
    /** Absent where app-config declares no such gateway. */
    url: z.string().optional(),
    version: z.string().optional(),
    /** Type of its target: `kubernetes`, `gatewayApi`, `helmValues` or `envFile`. */
    targetType: z.string().optional(),
  }),
  /** Name of the authentik instance; absent where app-config declares no such gateway. */
  authentik: z.string().optional(),
  /** Slug of the application. */
  application: z.string().optional(),
  /** Absent until it has been observed, and where `error` is present. */
  state: integrationStateSchema.optional(),
  /** Why it cannot be observed, such as an unknown gateway. */
  error: z.string().optional(),
  /** When the state began: ISO 8601, UTC. */
  since: z.string().optional(),
  warnings: z.number().int().nonnegative(),
  /** Whether every check could be decided. */
  complete: z.boolean(),
  /** The worst of its problems. */
  problem: problemSchema
    .pick({ id: true, severity: true, title: true, remedy: true, params: true })
    .optional(),
  /** How many problems there are. */
  problems: z.number().int().nonnegative(),
  /** When the certificate that signs tokens expires: ISO 8601. */
  keyExpiry: z.string().optional(),
  /** When it was last observed or tried: ISO 8601, UTC. */
  checkedAt: z.string().optional(),
  /** Whether what is shown may have changed since: a system does not answer, or no check was made for too long. */
  stale: z.boolean(),
});

/** @public */
export type IntegrationSummary = z.infer<typeof integrationSummarySchema>;

/** A state, or `unobserved` where no check was made yet, or none can be made. */
const listedStateSchema = z.enum([
  ...integrationStateSchema.options,
  'unobserved',
]);

const countSchema = z.number().int().nonnegative();

/**
 * How many integrations the caller may see, whatever page is shown. `states` and `warnings` count those of the other filters
 * of the list; `owners` and `authentik` count those of its `gateway` and `text`, as what can be chosen from.
 *
 * @public
 */
export const integrationCountsSchema = z.object({
  states: z.partialRecord(listedStateSchema, countSchema),
  /** Those with at least one warning, whatever their state. */
  warnings: countSchema,
  /** By full entity reference; those without an owner are not counted. */
  owners: z.record(z.string(), countSchema),
  /** By name of the authentik instance. */
  authentik: z.record(z.string(), countSchema),
  /** Whether all of them were counted; otherwise there are at least so many. */
  complete: z.boolean(),
});

/** @public */
export type IntegrationCounts = z.infer<typeof integrationCountsSchema>;

/** @public */
export const integrationPageSchema = z.object({
  items: z.array(integrationSummarySchema),
  /** Present where the query asks for them. */
  counts: integrationCountsSchema.optional(),
  /** Continues the list; absent on the last page. A page may be shorter than its limit and still not be the last one. */
  nextCursor: z.string().optional(),
});

/** @public */
export type IntegrationPage = z.infer<typeof integrationPageSchema>;

/**
 * What a list can be sorted by; `state` puts the worst first, `entity` and `gateway` go by name.
 *
 * @public
 */
export const INTEGRATION_SORT_FIELDS = [
  'gateway',
  'entity',
  'owner',
  'state',
  'since',
  'warnings',
  'keyExpiry',
  'checkedAt',
] as const;

/** @public */
export type IntegrationSortField = (typeof INTEGRATION_SORT_FIELDS)[number];

/**
 * The query of a list. Values of one filter are alternatives; every filter given has to hold.
 *
 * @public
 */
export const integrationQuerySchema = pageQuerySchema.extend({
  /** `unobserved`: no check was made yet, or none can be made. */
  state: listOf(listedStateSchema).optional(),
  /** Only those with a warning, or only those without one, whatever their state. */
  warnings: flagSchema.optional(),
  /** Names of gateways. */
  gateway: listOf(z.string()).optional(),
  /** Full entity references. */
  owner: listOf(z.string()).optional(),
  /** Names of authentik instances. */
  authentik: listOf(z.string()).optional(),
  /** Part of the name or title of a gateway, of an entity reference, an owner or an application; case does not matter. */
  text: z.string().max(200).optional(),
  sort: z.enum(INTEGRATION_SORT_FIELDS).default('gateway'),
  order: z.enum(['asc', 'desc']).default('asc'),
  /** Whether to count as well. */
  counts: flagSchema.optional(),
});

/** The query as a caller writes it. @public */
export type IntegrationQuery = z.input<typeof integrationQuerySchema>;

/**
 * The integration of one entity as remembered. Where systems did not answer, its checks and problems say so, and
 * `lastGood` is the last observation in which every check could be decided.
 *
 * @public
 */
export const rememberedIntegrationSchema = integrationSchema.extend({
  /** When the state began: ISO 8601, UTC. */
  since: z.string(),
  /** When it was last observed or tried: ISO 8601, UTC. */
  checkedAt: z.string(),
  /** Whether what is shown may have changed since: a system does not answer, or no check was made for too long. */
  stale: z.boolean(),
  /** Whether a refresh is under way. */
  refreshing: z.boolean(),
  /** Present where the last observation could not decide every check, and an earlier one could. */
  lastGood: integrationSchema.optional(),
});

/** @public */
export type RememberedIntegration = z.infer<typeof rememberedIntegrationSchema>;

/**
 * The status of a refresh: `running` until it has been observed, then `done`; `none` where none was requested.
 *
 * @public
 */
export const refreshStatusSchema = z.object({
  status: z.enum(['none', 'running', 'done']),
  /** When it was requested: ISO 8601, UTC. */
  requestedAt: z.string().optional(),
  /** When the integration was last observed or tried: ISO 8601, UTC. */
  checkedAt: z.string().optional(),
});

/** @public */
export type RefreshStatus = z.infer<typeof refreshStatusSchema>;

/**
 * Channel of the signals to open pages that the state of an integration has changed.
 *
 * @public
 */
export const INTEGRATIONS_SIGNAL_CHANNEL = 'hoop-authentik:integrations';
