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
  scope: 'root',
  defaultFactory: async service =>
    createServiceFactory({
      service,
      deps: {
        config: coreServices.rootConfig,
        lifecycle: coreServices.rootLifecycle,
      },
      factory: options => DefaultHoopAuthentikService.create(options),
    }),
});
