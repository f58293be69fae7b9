import {
  coreServices,
  createBackendPlugin,
} from '@backstage/backend-plugin-api';
import { catalogServiceRef } from '@backstage/plugin-catalog-node';
import {
  hoopAuthentikGatewayManagePermission,
  hoopAuthentikIntegrationReadPermission,
} from 'backstage-plugin-hoop-authentik-common';
import { hoopAuthentikServiceRef } from 'backstage-plugin-hoop-authentik-node';
import { hoopAuthentikChecksExtensionPoint } from 'backstage-plugin-hoop-authentik-node/alpha';
import {
  gatewayPermissionResourceRef,
  gatewayRules,
  readGatewayResources,
} from './permissions';
import { createRouter } from './router';
import { createRunsRouter } from './runs/createRunsRouter';
import { DatabaseRunStore } from './runs/DatabaseRunStore';
import { AddedChecks } from './services/AddedChecks';
import { DefaultIntegrationService } from './services/DefaultIntegrationService';

/**
 * Serves `/api/hoop-authentik`.
 *
 * @public
 */
export const hoopAuthentikPlugin = createBackendPlugin({
  pluginId: 'hoop-authentik',
  register({ registerExtensionPoint, registerInit }) {
    const addedChecks = new AddedChecks();
    registerExtensionPoint(hoopAuthentikChecksExtensionPoint, addedChecks);
    registerInit({
      deps: {
        auth: coreServices.auth,
        catalog: catalogServiceRef,
        database: coreServices.database,
        gateways: hoopAuthentikServiceRef,
        httpAuth: coreServices.httpAuth,
        httpRouter: coreServices.httpRouter,
        logger: coreServices.logger,
        permissions: coreServices.permissions,
        permissionsRegistry: coreServices.permissionsRegistry,
      },
      async init({
        auth,
        catalog,
        database,
        gateways,
        httpAuth,
        httpRouter,
        logger,
        permissions,
        permissionsRegistry,
      }) {
        permissionsRegistry.addPermissions([
          hoopAuthentikIntegrationReadPermission,
        ]);
        permissionsRegistry.addResourceType({
          resourceRef: gatewayPermissionResourceRef,
          permissions: [hoopAuthentikGatewayManagePermission],
          rules: Object.values(gatewayRules),
          getResources: readGatewayResources({ auth, catalog, gateways }),
        });
        if (gateways.gatewayNames().length === 0) {
          logger.warn(
            'No gateway is declared under hoopAuthentik.gateways in app-config: the plugin is installed but has nothing to do',
          );
        }
        const runs = createRunsRouter({
          gateways,
          httpAuth,
          store: await DatabaseRunStore.create(database),
        });
        httpRouter.use(
          createRouter({
            httpAuth,
            runs,
            integrations: new DefaultIntegrationService({
              catalog,
              gateways,
              permissions,
              addedChecks: addedChecks.all,
            }),
          }),
        );
      },
    });
  },
});
