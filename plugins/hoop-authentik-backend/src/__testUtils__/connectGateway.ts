import { mockServices } from '@backstage/backend-test-utils';
import {
  configureGateway,
  desiredIntegration,
  ensureApplication,
} from 'backstage-plugin-hoop-authentik-node';
import { DefaultHoopAuthentikService } from 'backstage-plugin-hoop-authentik-node/alpha';

/** Does the whole job for the gateway "main" of a configuration, as the software template does. @internal */
export async function connectGateway(data: object): Promise<void> {
  const service = DefaultHoopAuthentikService.create({
    config: mockServices.rootConfig({ data: { ...data } }),
  });
  try {
    const { config, authentik, systems, applicationContext } =
      service.getGateway('main');
    await ensureApplication(
      systems.authentik,
      { slug: config.application },
      applicationContext(),
    );
    await configureGateway(systems, desiredIntegration(config, authentik), {
      log: () => {},
    });
  } finally {
    await service.close();
  }
}
