import {
  coreServices,
  createBackendModule,
} from '@backstage/backend-plugin-api';
import { catalogServiceRef } from '@backstage/plugin-catalog-node';
import {
  scaffolderActionsExtensionPoint,
  type TemplateAction,
} from '@backstage/plugin-scaffolder-node';
import { hoopAuthentikServiceRef } from 'backstage-plugin-hoop-authentik-node';
import { gatewayRunsServiceRef } from 'backstage-plugin-hoop-authentik-node/alpha';
import {
  createAuthentikApplicationDeleteAction,
  createAuthentikApplicationEnsureAction,
  createAuthentikBindingEnsureAction,
  createHoopAccessGrantAction,
  createHoopEnvFilePatchAction,
  createHoopGatewayConfigureAction,
  createHoopGatewayDisconnectAction,
  createHoopGatewayPreflightAction,
  createHoopGatewayRestartAction,
  createHoopGatewayRotateSecretAction,
  createHoopGatewayVerifyAction,
  createHoopHelmValuesPatchAction,
  createHoopManifestPatchAction,
  createHoopRequestCreateAction,
} from './actions';
import { audited, type Values } from './actions/support/audited';
import { withPlainRefusals } from './actions/support/refusals';
import { requestSender } from './requestSender';

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
        runs: gatewayRunsServiceRef,
        catalog: catalogServiceRef,
        permissions: coreServices.permissions,
        auditor: coreServices.auditor,
        auth: coreServices.auth,
        discovery: coreServices.discovery,
      },
      async init({ scaffolder, auditor, auth, discovery, ...services }) {
        const options = {
          ...services,
          createRequest: requestSender({ auth, discovery }),
        };
        const add = <Input extends Values, Output extends Values>(
          action: TemplateAction<Input, Output>,
        ) => scaffolder.addActions(withPlainRefusals(audited(auditor, action)));
        add(createAuthentikApplicationEnsureAction(options));
        add(createAuthentikApplicationDeleteAction(options));
        add(createAuthentikBindingEnsureAction(options));
        add(createHoopAccessGrantAction(options));
        add(createHoopRequestCreateAction(options));
        add(createHoopGatewayPreflightAction(options));
        add(createHoopGatewayConfigureAction(options));
        add(createHoopGatewayRestartAction(options));
        add(createHoopGatewayVerifyAction(options));
        add(createHoopGatewayRotateSecretAction(options));
        add(createHoopGatewayDisconnectAction(options));
        add(createHoopHelmValuesPatchAction(options));
        add(createHoopManifestPatchAction(options));
        add(createHoopEnvFilePatchAction(options));
      },
    });
  },
});
