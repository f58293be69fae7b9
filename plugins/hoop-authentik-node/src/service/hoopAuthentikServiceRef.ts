import {
  coreServices,
  createServiceFactory,
  createServiceRef,
} from '@backstage/backend-plugin-api';
import { DefaultHoopAuthentikService } from './DefaultHoopAuthentikService';
import type { HoopAuthentikService } from './HoopAuthentikService';

/**
 * The gateways declared in app-config, for any plugin or module of a backend.
 *
 * @public
 */
export const hoopAuthentikServiceRef = createServiceRef<HoopAuthentikService>({
  id: 'hoop-authentik.gateways',
  defaultFactory: async service =>
    createServiceFactory({
      service,
      deps: {
        config: coreServices.rootConfig,
        lifecycle: coreServices.rootLifecycle,
        logger: coreServices.rootLogger,
        auth: coreServices.auth,
        discovery: coreServices.discovery,
      },
      // One for all plugins, so that they share connections and what was read.
      createRootContext: options => DefaultHoopAuthentikService.create(options),
      factory: async ({ auth, discovery }, shared) => {
        // Only a plugin has tokens for another one, and it is all the same to the Kubernetes plugin which one asks.
        shared.useKubernetesPlugin({
          baseUrl: () => discovery.getBaseUrl('kubernetes'),
          token: async () => {
            const { token } = await auth.getPluginRequestToken({
              onBehalfOf: await auth.getOwnServiceCredentials(),
              targetPluginId: 'kubernetes',
            });
            return token;
          },
        });
        return shared;
      },
    }),
});
