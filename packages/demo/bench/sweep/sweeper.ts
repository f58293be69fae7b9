import {
  coreServices,
  createServiceFactory,
} from '@backstage/backend-plugin-api';
import { mockServices, startTestBackend } from '@backstage/backend-test-utils';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import { hoopAuthentikPlugin } from 'backstage-plugin-hoop-authentik-backend';

/** A backend that sweeps when told to. */
export interface Sweeper {
  sweep(): Promise<void>;
  /** Of the integrations by entity; their names are `0`, `1`, … */
  readUrl: string;
  stop(): Promise<void>;
}

export async function startSweeper(
  config: object,
  gateways: number,
): Promise<Sweeper> {
  const scheduler = mockServices.scheduler();
  const backend = await startTestBackend({
    features: [
      hoopAuthentikPlugin,
      mockServices.rootConfig.factory({ data: { ...config } }),
      mockServices.rootLogger.factory({ level: 'none' }),
      createServiceFactory({
        service: coreServices.scheduler,
        deps: {},
        factory: () => scheduler,
      }),
      catalogServiceMock.factory({
        entities: Array.from({ length: gateways }, (_, index) => ({
          apiVersion: 'backstage.io/v1alpha1',
          kind: 'Resource',
          metadata: {
            name: `${index}`,
            annotations: { 'hoop.dev/gateway': `${index}` },
          },
        })),
      }),
    ],
  });
  return {
    sweep: () => scheduler.triggerTask('hoop-authentik-sweep'),
    readUrl: `http://127.0.0.1:${backend.server.port()}/api/hoop-authentik/integrations/by-entity/resource/default`,
    stop: () => backend.stop(),
  };
}
