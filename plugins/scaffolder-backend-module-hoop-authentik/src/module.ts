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
import { audited } from './actions/support/audited';

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
        auditor: coreServices.auditor,
      },
      async init({ scaffolder, auditor, ...options }) {
        scaffolder.addActions(
          audited(auditor, createAuthentikApplicationEnsureAction(options)),
          audited(auditor, createAuthentikApplicationDeleteAction(options)),
          audited(auditor, createAuthentikBindingEnsureAction(options)),
          audited(auditor, createHoopGatewayPreflightAction(options)),
          audited(auditor, createHoopGatewayConfigureAction(options)),
          audited(auditor, createHoopGatewayRestartAction(options)),
          audited(auditor, createHoopGatewayVerifyAction(options)),
          audited(auditor, createHoopGatewayRotateSecretAction(options)),
          audited(auditor, createHoopGatewayDisconnectAction(options)),
          audited(auditor, createHoopHelmValuesPatchAction(options)),
          audited(auditor, createHoopEnvFilePatchAction(options)),
        );
      },
    });
  },
});
