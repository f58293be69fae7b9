import {
  coreServices,
  createBackendPlugin,
} from '@backstage/backend-plugin-api';
import { catalogServiceRef } from '@backstage/plugin-catalog-node';
import { hoopAuthentikPermissions } from 'backstage-plugin-hoop-authentik-common';
import { hoopAuthentikServiceRef } from 'backstage-plugin-hoop-authentik-node';
import { createRouter } from './router';
import { DefaultIntegrationService } from './services/DefaultIntegrationService';

/**
 * Serves `/api/hoop-authentik`.
 *
 * @public
 */
export const hoopAuthentikPlugin = createBackendPlugin({
  pluginId: 'hoop-authentik',
  register({ registerInit }) {
    registerInit({
      deps: {
        catalog: catalogServiceRef,
        gateways: hoopAuthentikServiceRef,
        httpAuth: coreServices.httpAuth,
        httpRouter: coreServices.httpRouter,
        logger: coreServices.logger,
        permissions: coreServices.permissions,
        permissionsRegistry: coreServices.permissionsRegistry,
      },
      async init({
        catalog,
        gateways,
        httpAuth,
        httpRouter,
        logger,
        permissions,
        permissionsRegistry,
      }) {
        permissionsRegistry.addPermissions(hoopAuthentikPermissions);
        if (gateways.gatewayNames().length === 0) {
          logger.warn(
            'No gateway is declared under hoopAuthentik.gateways in app-config: the plugin is installed but has nothing to do',
          );
        }
        httpRouter.use(
          createRouter({
            httpAuth,
            integrations: new DefaultIntegrationService({
              catalog,
              gateways,
              permissions,
            }),
          }),
        );
      },
    });
  },
});
