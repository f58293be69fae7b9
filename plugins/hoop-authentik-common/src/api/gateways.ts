import { z } from 'zod';

/** A gateway that app-config declares. @public */
export const gatewaySchema = z.object({
  name: z.string(),
  title: z.string(),
  url: z.string(),
  /** Name of its authentik instance. */
  authentik: z.string(),
  /** Slug of its application, unless an entity names another one. */
  application: z.string(),
  adminGroup: z.string(),
  /** `kubernetes`, `gatewayApi`, `helmValues` or `envFile`. */
  targetType: z.string(),
});

/** @public */
export type GatewaySummary = z.infer<typeof gatewaySchema>;

/** Those that the caller may manage. @public */
export const gatewayListSchema = z.object({ items: z.array(gatewaySchema) });

/** A group of authentik. @public */
export const groupSchema = z.object({
  name: z.string(),
  /** Users directly in it: the `groups` claim counts no others. */
  memberCount: z.number().int().nonnegative(),
});

/** @public */
export type GroupSummary = z.infer<typeof groupSchema>;

/** @public */
export const groupListSchema = z.object({ items: z.array(groupSchema) });

/** A certificate of authentik. @public */
export const certificateSchema = z.object({
  name: z.string(),
  /** `rsa`, `ec`, `ed25519`, …; absent where the server does not show it. */
  keyType: z.string().optional(),
  /** ISO 8601; absent where it does not expire. */
  expiresAt: z.string().optional(),
  /** Whether tokens can be signed with it: it has a private key of type RSA or EC. */
  usable: z.boolean(),
  /** Names of the providers that sign with it: each of them issues tokens that the gateway would accept. */
  usedBy: z.array(z.string()),
});

/** @public */
export type CertificateSummary = z.infer<typeof certificateSchema>;

/** @public */
export const certificateListSchema = z.object({
  items: z.array(certificateSchema),
});

/** A flow of authentik. @public */
export const flowSchema = z.object({
  slug: z.string(),
  name: z.string(),
  /** Such as `authorization` or `invalidation`. */
  designation: z.string(),
});

/** @public */
export type FlowSummary = z.infer<typeof flowSchema>;

/** @public */
export const flowListSchema = z.object({ items: z.array(flowSchema) });

/** Narrows a look-up. @public */
export const lookupQuerySchema = z.object({
  /** Part of the name; case does not matter. */
  text: z.string().max(200).optional(),
  /** Of flows only. */
  designation: z.string().max(100).optional(),
});

/** @public */
export type LookupQuery = z.input<typeof lookupQuerySchema>;

/** One field of one object that would change. A secret appears as `<changed>`. @public */
export const planLineSchema = z.object({
  object: z.string(),
  field: z.string(),
  from: z.string(),
  to: z.string(),
});

/** What connecting a gateway would do, as observed now. @public */
export const connectionPlanSchema = z.object({
  /** Changes of the application in authentik. */
  application: z.array(planLineSchema),
  /** Changes of the settings of the gateway. */
  gateway: z.array(planLineSchema),
  /** Whether the gateway would be restarted. */
  restarts: z.boolean(),
  notes: z.array(z.string()),
  /** Why it would be refused as things are; there is no plan then. */
  refusal: z.string().optional(),
});

/** @public */
export type ConnectionPlan = z.infer<typeof connectionPlanSchema>;

/** @public */
export const planQuerySchema = z.object({
  /** Slug of the application, where it is not the one configured for the gateway. */
  application: z.string().max(100).optional(),
  /** Name that the application is to have. */
  name: z.string().max(200).optional(),
});

/** @public */
export type PlanQuery = z.input<typeof planQuerySchema>;
