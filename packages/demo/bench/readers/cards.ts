import { mockServices, startTestBackend } from '@backstage/backend-test-utils';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import { hoopAuthentikPlugin } from 'backstage-plugin-hoop-authentik-backend';
import { openCards, type Answers } from './browsers';

/** Starts a backend, and browsers that refresh the card of each of its gateways `0`, `1`, … */
export async function startCards(
  config: object,
  count: number,
): Promise<{ stop(): Promise<Answers> }> {
  const names = Array.from({ length: count }, (_, index) => `${index}`);
  const backend = await startTestBackend({
    features: [
      hoopAuthentikPlugin,
      mockServices.rootConfig.factory({ data: { ...config } }),
      mockServices.rootLogger.factory({ level: 'none' }),
      catalogServiceMock.factory({
        entities: names.map(name => ({
          apiVersion: 'backstage.io/v1alpha1',
          kind: 'Resource',
          metadata: { name, annotations: { 'hoop.dev/gateway': name } },
        })),
      }),
    ],
  });
  const browsers = openCards(
    `http://127.0.0.1:${backend.server.port()}/api/hoop-authentik/integrations/by-entity/resource/default`,
    count,
  );
  return {
    stop: async () => {
      const answers = await browsers.close();
      await backend.stop();
      return answers;
    },
  };
}
