import {
  coreServices,
  createBackendPlugin,
} from '@backstage/backend-plugin-api';
import {
  actionsRegistryServiceRef,
  metricsServiceRef,
} from '@backstage/backend-plugin-api/alpha';
import { catalogServiceRef } from '@backstage/plugin-catalog-node';
import { eventsServiceRef } from '@backstage/plugin-events-node';
import { notificationService } from '@backstage/plugin-notifications-node';
import { scaffolderServiceRef } from '@backstage/plugin-scaffolder-node';
import { signalsServiceRef } from '@backstage/plugin-signals-node';
import { hoopAuthentikServiceRef } from 'backstage-plugin-hoop-authentik-node';
import { hoopAuthentikChecksExtensionPoint } from 'backstage-plugin-hoop-authentik-node/alpha';
import { registerPermissions } from './permissions';
import { AddedChecks } from './services/AddedChecks';
import { startBackend } from './startBackend';

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
        actions: actionsRegistryServiceRef,
        auditor: coreServices.auditor,
        auth: coreServices.auth,
        catalog: catalogServiceRef,
        config: coreServices.rootConfig,
        database: coreServices.database,
        events: eventsServiceRef,
        gateways: hoopAuthentikServiceRef,
        httpAuth: coreServices.httpAuth,
        httpRouter: coreServices.httpRouter,
        lifecycle: coreServices.lifecycle,
        logger: coreServices.logger,
        metrics: metricsServiceRef,
        notifications: notificationService,
        permissions: coreServices.permissions,
        permissionsRegistry: coreServices.permissionsRegistry,
        scaffolder: scaffolderServiceRef,
        scheduler: coreServices.scheduler,
        signals: signalsServiceRef,
        userInfo: coreServices.userInfo,
      },
      async init(services) {
        registerPermissions(services);
        await startBackend({ ...services, addedChecks: addedChecks.all });
      },
    });
  },
});
