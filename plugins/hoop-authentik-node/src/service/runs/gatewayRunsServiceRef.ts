import {
  coreServices,
  createServiceFactory,
  createServiceRef,
} from '@backstage/backend-plugin-api';
import { HttpGatewayRuns } from './HttpGatewayRuns';
import type { GatewayRuns } from './types';

/**
 * One run at a time for each gateway, through the database of the backend plugin `hoop-authentik`.
 *
 * @alpha
 */
export const gatewayRunsServiceRef = createServiceRef<GatewayRuns>({
  id: 'hoop-authentik.runs',
  scope: 'plugin',
  defaultFactory: async service =>
    createServiceFactory({
      service,
      deps: { auth: coreServices.auth, discovery: coreServices.discovery },
      factory: options => new HttpGatewayRuns(options),
    }),
});
