import { RESOURCE_TYPE_CATALOG_ENTITY } from '@backstage/plugin-catalog-common/alpha';
import { createPermission } from '@backstage/plugin-permission-common';

/**
 * Seeing the state of an entity's integration. A permission on the catalog entity, so that ownership rules of the
 * portal apply.
 *
 * @public
 */
export const hoopAuthentikIntegrationReadPermission = createPermission({
  name: 'hoop-authentik.integration.read',
  attributes: { action: 'read' },
  resourceType: RESOURCE_TYPE_CATALOG_ENTITY,
});

/**
 * Having an entity's integration observed now. A permission on the catalog entity.
 *
 * @public
 */
export const hoopAuthentikIntegrationRefreshPermission = createPermission({
  name: 'hoop-authentik.integration.refresh',
  attributes: { action: 'update' },
  resourceType: RESOURCE_TYPE_CATALOG_ENTITY,
});

/**
 * Seeing who may sign in to an entity's gateway, and who did. A permission on the catalog entity.
 *
 * @public
 */
export const hoopAuthentikAccessReadPermission = createPermission({
  name: 'hoop-authentik.access.read',
  attributes: { action: 'read' },
  resourceType: RESOURCE_TYPE_CATALOG_ENTITY,
});

/**
 * The gateways declared in app-config, as resources of permissions; a resource reference is the gateway's name.
 *
 * @public
 */
export const RESOURCE_TYPE_HOOP_GATEWAY = 'hoop-gateway';

/**
 * Changing a gateway and its application: what every scaffolder action that writes requires of the user who started
 * the task.
 *
 * @public
 */
export const hoopAuthentikGatewayManagePermission = createPermission({
  name: 'hoop-authentik.gateway.manage',
  attributes: { action: 'update' },
  resourceType: RESOURCE_TYPE_HOOP_GATEWAY,
});

/**
 * Asking for a connection or for access at an entity. A permission on the catalog entity.
 *
 * @public
 */
export const hoopAuthentikRequestCreatePermission = createPermission({
  name: 'hoop-authentik.request.create',
  attributes: { action: 'create' },
  resourceType: RESOURCE_TYPE_CATALOG_ENTITY,
});

/**
 * Deciding about requests for a gateway, and ending the access that they gave. A permission on the gateway; whoever decides
 * has to be one of its approvers too.
 *
 * @public
 */
export const hoopAuthentikRequestDecidePermission = createPermission({
  name: 'hoop-authentik.request.decide',
  attributes: { action: 'update' },
  resourceType: RESOURCE_TYPE_HOOP_GATEWAY,
});

/**
 * Every permission of the plugin, as registered with the permissions registry.
 *
 * @public
 */
export const hoopAuthentikPermissions = [
  hoopAuthentikIntegrationReadPermission,
  hoopAuthentikIntegrationRefreshPermission,
  hoopAuthentikAccessReadPermission,
  hoopAuthentikGatewayManagePermission,
  hoopAuthentikRequestCreatePermission,
  hoopAuthentikRequestDecidePermission,
];
