import {
  coreServices,
  createBackendPlugin,
  createServiceFactory,
} from '@backstage/backend-plugin-api';
import { mockServices, startTestBackend } from '@backstage/backend-test-utils';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import {
  hoopAuthentikServiceRef,
  type HoopAuthentikService,
} from 'backstage-plugin-hoop-authentik-node';
import {
  gatewayRunsServiceRef,
  type GatewayRuns,
} from 'backstage-plugin-hoop-authentik-node/alpha';
import type { Knex } from 'knex';
import { hoopAuthentikPlugin } from '../../plugin';

/** One replica of a portal, as the actions see it. @internal */
export interface RacingBackend {
  gateways: HoopAuthentikService;
  runs: GatewayRuns;
  stop(): Promise<void>;
}

/** @param knex - a connection to the database that all replicas share */
export async function startRacingBackend(
  data: { hoopAuthentik: object },
  knex: Knex,
): Promise<RacingBackend> {
  let services: Omit<RacingBackend, 'stop'> | undefined;
  const actions = createBackendPlugin({
    pluginId: 'scaffolder',
    register({ registerInit }) {
      registerInit({
        deps: {
          gateways: hoopAuthentikServiceRef,
          runs: gatewayRunsServiceRef,
        },
        async init(found) {
          services = found;
        },
      });
    },
  });
  const backend = await startTestBackend({
    features: [
      hoopAuthentikPlugin,
      actions,
      catalogServiceMock.factory(),
      mockServices.rootConfig.factory({ data: { ...data } }),
      createServiceFactory({
        service: coreServices.database,
        deps: {},
        factory: () => ({
          getClient: async () => knex,
          migrations: { skip: false },
        }),
      }),
    ],
  });
  return { ...services!, stop: () => backend.stop() };
}
