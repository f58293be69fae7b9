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
 * Names the group of authentik that a catalog group is, where app-config maps groups by annotation.
 *
 * @public
 */
export const ANNOTATION_AUTHENTIK_GROUP = 'goauthentik.io/group';

/**
 * Names the user of authentik that a catalog user is, where app-config maps users by annotation.
 *
 * @public
 */
export const ANNOTATION_AUTHENTIK_USERNAME = 'goauthentik.io/username';

/**
 * Whether an entity carries the annotation that attaches it to a gateway.
 *
 * @public
 */
export function isHoopAuthentikAvailable(entity: Entity): boolean {
  return Boolean(entity.metadata.annotations?.[ANNOTATION_HOOP_GATEWAY]);
}
