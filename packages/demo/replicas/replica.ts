import { createBackend } from '@backstage/backend-defaults';
import {
  coreServices,
  createServiceFactory,
} from '@backstage/backend-plugin-api';
import { ConfigReader } from '@backstage/config';
import { catalogServiceRef } from '@backstage/plugin-catalog-node';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import { notificationService } from '@backstage/plugin-notifications-node';
import { hoopAuthentikPlugin } from 'backstage-plugin-hoop-authentik-backend';

/** What a replica reports to the process that started it. */
export type News =
  | { kind: 'started' }
  | { kind: 'sweep'; at: number }
  | { kind: 'notification'; scope: string; title: string };

/** A backend of the portal with the plugin alone: database and scheduler are real, catalog and notifications are not. */
async function main(): Promise<void> {
  const { config, entities } = JSON.parse(process.env.REPLICA ?? '{}');
  const tell = (news: News) => process.send?.(news);
  const backend = createBackend();
  backend.add(hoopAuthentikPlugin);
  backend.add(
    createServiceFactory({
      service: coreServices.rootConfig,
      deps: {},
      factory: () => new ConfigReader(config),
    }),
  );
  backend.add(
    createServiceFactory({
      service: catalogServiceRef,
      deps: {},
      factory() {
        const catalog = catalogServiceMock({ entities });
        const { streamEntities } = catalog;
        // Each sweep begins with it.
        catalog.streamEntities = (...args) => {
          tell({ kind: 'sweep', at: Date.now() });
          return streamEntities.apply(catalog, args);
        };
        return catalog;
      },
    }),
  );
  backend.add(
    createServiceFactory({
      service: notificationService,
      deps: {},
      factory: () => ({
        async send({ payload: { scope = '', title } }) {
          tell({ kind: 'notification', scope, title });
        },
      }),
    }),
  );
  await backend.start();
  tell({ kind: 'started' });
}

main().catch(error => {
  process.stderr.write(`${error}\n`);
  process.exitCode = 1;
});
