import type {
  AuditorService,
  AuthService,
  DatabaseService,
  HttpAuthService,
  HttpRouterService,
  LifecycleService,
  LoggerService,
  PermissionsService,
  RootConfigService,
  SchedulerService,
  UserInfoService,
} from '@backstage/backend-plugin-api';
import type {
  ActionsRegistryService,
  MetricsService,
} from '@backstage/backend-plugin-api/alpha';
import type { CatalogService } from '@backstage/plugin-catalog-node';
import type { EventsService } from '@backstage/plugin-events-node';
import type { NotificationService } from '@backstage/plugin-notifications-node';
import type { ScaffolderService } from '@backstage/plugin-scaffolder-node';
import type { SignalsService } from '@backstage/plugin-signals-node';
import type { HoopAuthentikService } from 'backstage-plugin-hoop-authentik-node';
import type { AddedCheck } from 'backstage-plugin-hoop-authentik-node/alpha';
import { registerActions } from './actions/registerActions';
import { readBackendConfig } from './config';
import { createMetrics } from './metrics';
import { Observer } from './observation/Observer';
import { startRequests } from './requests/startRequests';
import { DatabaseRequestStore } from './requests/store';
import { createRouter } from './router';
import { createRunsRouter } from './runs/createRunsRouter';
import { DatabaseRunStore } from './runs/DatabaseRunStore';
import { createWitness } from './runs/witness';
import { scheduleSweep } from './schedule';
import { AccessService } from './services/AccessService';
import { DefaultIntegrationService } from './services/DefaultIntegrationService';
import { Lookups } from './services/Lookups';
import { Permits } from './services/Permits';
import { integrationSources, readAttachedEntities } from './sources';
import { DatabaseIntegrationStore } from './store';
import { News } from './sweep/News';
import { Refresher } from './sweep/Refresher';
import { Sweep } from './sweep/Sweep';

/** Puts the parts of the plugin together and starts them. @internal */
export async function startBackend(services: {
  actions: ActionsRegistryService;
  addedChecks: readonly AddedCheck[];
  auditor: AuditorService;
  auth: AuthService;
  catalog: CatalogService;
  config: RootConfigService;
  database: DatabaseService;
  events: EventsService;
  gateways: HoopAuthentikService;
  httpAuth: HttpAuthService;
  httpRouter: HttpRouterService;
  lifecycle: LifecycleService;
  logger: LoggerService;
  metrics: MetricsService;
  notifications: NotificationService;
  permissions: PermissionsService;
  scaffolder: ScaffolderService;
  scheduler: SchedulerService;
  signals: SignalsService;
  userInfo: UserInfoService;
}): Promise<void> {
  const { database, gateways, httpAuth, lifecycle, logger } = services;
  const config = readBackendConfig(services.config);
  const runs = await DatabaseRunStore.create(database);
  const store = await DatabaseIntegrationStore.create(database, config);
  const observer = new Observer({ ...services, runs });
  const news = new News({ ...services, store });
  const refresher = new Refresher({ logger, news, observer, store });
  const permits = new Permits(services);
  const requestStore = await DatabaseRequestStore.create(database);
  const metrics = createMetrics(services.metrics, {
    integrations: () => store.countStates(),
    userRequests: () => requestStore.countStates(),
  });
  lifecycle.addShutdownHook(() => {
    refresher.stop();
    metrics.close();
  });

  const isConfigured = gateways.gatewayNames().length > 0;
  if (isConfigured) {
    const sweep = new Sweep({
      logger,
      observer,
      store,
      readSources: async () =>
        integrationSources(gateways, await readAttachedEntities(services)),
    });
    await scheduleSweep({ ...services, config, metrics, news, store, sweep });
  } else {
    logger.warn(
      'No gateway is declared under hoopAuthentik.gateways in app-config: the plugin is installed but has nothing to do',
    );
  }
  const { grants, requests, tasks } = await startRequests({
    ...services,
    integrations: store,
    keepMs: config.keepHistoryMs,
    metrics,
    permits,
    refresher,
    runs,
    store: requestStore,
  });
  const integrations = new DefaultIntegrationService({
    gateways,
    permits,
    refresher,
    store,
  });
  if (isConfigured) {
    registerActions(services.actions, {
      gateways,
      integrations,
      observer,
      permits,
      requests,
    });
  }
  services.httpRouter.use(
    createRouter({
      ...services,
      access: new AccessService({ gateways, permits }),
      integrations,
      isConfigured,
      lookups: new Lookups({ gateways, permits }),
      requests,
      runs: createRunsRouter({
        gateways,
        grants,
        httpAuth,
        present: presented => tasks.present(presented),
        store: runs,
        witness: createWitness({ metrics, refresher, store }),
      }),
    }),
  );
}
