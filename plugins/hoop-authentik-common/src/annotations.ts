import type { Entity } from '@backstage/catalog-model';

/**
 * Attaches a catalog entity to a gateway: the value is the name of a gateway declared under
 * `hoopAuthentik.gateways` in app-config.
 *
 * @public
 */
export const ANNOTATION_HOOP_GATEWAY = 'hoop.dev/gateway';

/**
 * Names the authentik application of an entity by its slug. Without it the slug configured for the gateway counts.
 *
 * @public
 */
export const ANNOTATION_AUTHENTIK_APPLICATION = 'goauthentik.io/application';

/**
 * Whether an entity carries the annotation that attaches it to a gateway.
 *
 * @public
 */
export function isHoopAuthentikAvailable(entity: Entity): boolean {
  return Boolean(entity.metadata.annotations?.[ANNOTATION_HOOP_GATEWAY]);
}
