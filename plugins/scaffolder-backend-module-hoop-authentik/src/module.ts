import {
  coreServices,
  createBackendModule,
} from '@backstage/backend-plugin-api';
import { catalogServiceRef } from '@backstage/plugin-catalog-node';
import { scaffolderActionsExtensionPoint } from '@backstage/plugin-scaffolder-node';
import { hoopAuthentikServiceRef } from 'backstage-plugin-hoop-authentik-node';
import {
  createAuthentikApplicationDeleteAction,
  createAuthentikApplicationEnsureAction,
  createAuthentikBindingEnsureAction,
  createHoopEnvFilePatchAction,
  createHoopGatewayConfigureAction,
  createHoopGatewayDisconnectAction,
  createHoopGatewayPreflightAction,
  createHoopGatewayRestartAction,
  createHoopGatewayRotateSecretAction,
  createHoopGatewayVerifyAction,
  createHoopHelmValuesPatchAction,
} from './actions';

/**
 * Adds the actions to the scaffolder.
 *
 * @public
 */
export const scaffolderModuleHoopAuthentik = createBackendModule({
  pluginId: 'scaffolder',
  moduleId: 'hoop-authentik',
  register({ registerInit }) {
    registerInit({
      deps: {
        scaffolder: scaffolderActionsExtensionPoint,
        gateways: hoopAuthentikServiceRef,
        catalog: catalogServiceRef,
        permissions: coreServices.permissions,
      },
      async init({ scaffolder, ...options }) {
        scaffolder.addActions(
          createAuthentikApplicationEnsureAction(options),
          createAuthentikApplicationDeleteAction(options),
          createAuthentikBindingEnsureAction(options),
          createHoopGatewayPreflightAction(options),
          createHoopGatewayConfigureAction(options),
          createHoopGatewayRestartAction(options),
          createHoopGatewayVerifyAction(options),
          createHoopGatewayRotateSecretAction(options),
          createHoopGatewayDisconnectAction(options),
          createHoopHelmValuesPatchAction(options),
          createHoopEnvFilePatchAction(options),
        );
      },
    });
  },
});
