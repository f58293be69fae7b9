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
import { withPlainRefusals } from './actions/support/refusals';

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
          withPlainRefusals(
            audited(auditor, createAuthentikApplicationEnsureAction(options)),
          ),
          withPlainRefusals(
            audited(auditor, createAuthentikApplicationDeleteAction(options)),
          ),
          withPlainRefusals(
            audited(auditor, createAuthentikBindingEnsureAction(options)),
          ),
          withPlainRefusals(
            audited(auditor, createHoopGatewayPreflightAction(options)),
          ),
          withPlainRefusals(
            audited(auditor, createHoopGatewayConfigureAction(options)),
          ),
          withPlainRefusals(
            audited(auditor, createHoopGatewayRestartAction(options)),
          ),
          withPlainRefusals(
            audited(auditor, createHoopGatewayVerifyAction(options)),
          ),
          withPlainRefusals(
            audited(auditor, createHoopGatewayRotateSecretAction(options)),
          ),
          withPlainRefusals(
            audited(auditor, createHoopGatewayDisconnectAction(options)),
          ),
          withPlainRefusals(
            audited(auditor, createHoopHelmValuesPatchAction(options)),
          ),
          withPlainRefusals(
            audited(auditor, createHoopEnvFilePatchAction(options)),
          ),
        );
      },
    });
  },
});
