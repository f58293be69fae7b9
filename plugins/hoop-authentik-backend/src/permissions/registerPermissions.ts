import type {
  AuthService,
  PermissionsRegistryService,
} from '@backstage/backend-plugin-api';
import type { CatalogService } from '@backstage/plugin-catalog-node';
import {
  hoopAuthentikPermissions,
  RESOURCE_TYPE_HOOP_GATEWAY,
} from 'backstage-plugin-hoop-authentik-common';
import type { HoopAuthentikService } from 'backstage-plugin-hoop-authentik-node';
import { gatewayPermissionResourceRef, gatewayRules } from './gatewayRules';
import { readGatewayResources } from './readGatewayResources';

/** Makes the permissions known to policies and to what shows them. @internal */
export function registerPermissions(options: {
  auth: AuthService;
  catalog: CatalogService;
  gateways: HoopAuthentikService;
  permissionsRegistry: PermissionsRegistryService;
}): void {
  const { permissionsRegistry, ...services } = options;
  const isOfGateway = ({ resourceType }: { resourceType: string }) =>
    resourceType === RESOURCE_TYPE_HOOP_GATEWAY;
  permissionsRegistry.addPermissions(
    hoopAuthentikPermissions.filter(permission => !isOfGateway(permission)),
  );
  permissionsRegistry.addResourceType({
    resourceRef: gatewayPermissionResourceRef,
    permissions: hoopAuthentikPermissions.filter(isOfGateway),
    rules: Object.values(gatewayRules),
    getResources: readGatewayResources(services),
  });
}
