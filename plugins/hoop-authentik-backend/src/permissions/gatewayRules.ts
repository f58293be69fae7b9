import {
  createConditionExports,
  createPermissionResourceRef,
  createPermissionRule,
} from '@backstage/plugin-permission-node';
import { RESOURCE_TYPE_HOOP_GATEWAY } from 'backstage-plugin-hoop-authentik-common';
import { z } from 'zod/v3';

/**
 * What rules know of a gateway.
 *
 * @public
 */
export interface GatewayResource {
  /** Name in app-config. */
  name: string;
  /** Owners of the catalog entities that are attached to it, as full entity references. */
  owners: string[];
}

/** @public */
export const gatewayPermissionResourceRef = createPermissionResourceRef<
  GatewayResource,
  {}
>().with({
  pluginId: 'hoop-authentik',
  resourceType: RESOURCE_TYPE_HOOP_GATEWAY,
});

/** The gateway is one of these. */
const isGateway = createPermissionRule({
  name: 'IS_GATEWAY',
  description: 'Allow gateways by their name in app-config',
  resourceRef: gatewayPermissionResourceRef,
  paramsSchema: z.object({
    names: z.array(z.string()).describe('Names of gateways'),
  }),
  apply: ({ name }, { names }) => names.includes(name),
  // Gateways are declared in app-config and never queried.
  toQuery: () => ({}),
});

/** A catalog entity that is attached to the gateway belongs to one of these. */
const isOwnerOfEntity = createPermissionRule({
  name: 'IS_OWNER_OF_ENTITY',
  description: 'Allow the owners of an entity that is attached to the gateway',
  resourceRef: gatewayPermissionResourceRef,
  paramsSchema: z.object({
    claims: z
      .array(z.string())
      .describe("Entity references, such as the user's ownershipEntityRefs"),
  }),
  apply: ({ owners }, { claims }) =>
    owners.some(owner => claims.includes(owner)),
  toQuery: () => ({}),
});

/** @internal */
export const gatewayRules = { isGateway, isOwnerOfEntity };

const exported = createConditionExports({
  resourceRef: gatewayPermissionResourceRef,
  rules: gatewayRules,
});

/**
 * Conditions for policies: `isGateway({ names })` and `isOwnerOfEntity({ claims })`.
 *
 * @public
 */
export const gatewayConditions = exported.conditions;

/**
 * Makes the conditional decision of a policy from {@link gatewayConditions}.
 *
 * @public
 */
export const createGatewayConditionalDecision =
  exported.createConditionalDecision;
