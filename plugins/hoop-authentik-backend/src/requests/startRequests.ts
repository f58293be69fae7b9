import type {
  AuditorService,
  AuthService,
  DatabaseService,
  LifecycleService,
  LoggerService,
  RootConfigService,
  SchedulerService,
  UserInfoService,
} from '@backstage/backend-plugin-api';
import type { CatalogService } from '@backstage/plugin-catalog-node';
import type { NotificationService } from '@backstage/plugin-notifications-node';
import type { ScaffolderService } from '@backstage/plugin-scaffolder-node';
import type { SignalsService } from '@backstage/plugin-signals-node';
import type { HoopAuthentikService } from 'backstage-plugin-hoop-authentik-node';
import { DatabaseGrantStore, GrantEnder, type GrantStore } from '../grants';
import type { Metrics } from '../metrics';
import type { RunStore } from '../runs/RunStore';
import type { Permits } from '../services/Permits';
import type { IntegrationStore } from '../store';
import type { Refresher } from '../sweep/Refresher';
import { Approvers } from './Approvers';
import { readRequestsConfig } from './config';
import { RequestNews } from './RequestNews';
import { RequestPlanner } from './RequestPlanner';
import { RequestService } from './RequestService';
import { RequestTasks } from './RequestTasks';
import type { RequestStore } from './store';
import { Subjects } from './Subjects';
import { Upkeep } from './Upkeep';

/** Id of the task in the scheduler. @internal */
export const UPKEEP_TASK = 'hoop-authentik-requests';

/** Puts the parts of the queue of requests together and starts them. @internal */
export async function startRequests(services: {
  auditor: AuditorService;
  auth: AuthService;
  catalog: CatalogService;
  config: RootConfigService;
  database: DatabaseService;
  gateways: HoopAuthentikService;
  integrations: IntegrationStore;
  /** How long what ended is remembered. */
  keepMs: number;
  lifecycle: LifecycleService;
  logger: LoggerService;
  metrics: Pick<Metrics, 'requested'>;
  notifications: NotificationService;
  permits: Permits;
  refresher: Pick<Refresher, 'requestForGateway'>;
  runs: RunStore;
  scaffolder: ScaffolderService;
  scheduler: SchedulerService;
  signals: SignalsService;
  store: RequestStore;
  userInfo: UserInfoService;
}): Promise<{
  grants: GrantStore;
  requests: RequestService;
  tasks: RequestTasks;
}> {
  const { gateways, logger, scheduler, store } = services;
  const config = readRequestsConfig(services.config);
  const grants = await DatabaseGrantStore.create(services.database);
  const news = new RequestNews({
    ...services,
    onNews: kind => services.metrics.requested(kind),
  });
  const approvers = new Approvers(services);
  const planner = new RequestPlanner({
    gateways,
    grantsOf: gateway => grants.active(gateway),
  });
  const ender = new GrantEnder({
    ...services,
    grants,
    onEnd: async gateway => {
      await services.refresher.requestForGateway(gateway);
      news.changed();
    },
  });
  const tasks = new RequestTasks({
    ...services,
    config,
    onChange: news.changed,
    planner,
  });
  services.lifecycle.addShutdownHook(() => tasks.stop());
  if (gateways.gatewayNames().length > 0) {
    const upkeep = new Upkeep({
      approvers,
      ender,
      grants,
      keepMs: services.keepMs,
      logger,
      news,
      remindAfterMs: config.remindAfterMs,
      store,
      tasks,
    });
    await scheduler.scheduleTask({
      id: UPKEEP_TASK,
      // One replica at a time; access ends within a minute of its time.
      scope: 'global',
      frequency: { minutes: 1 },
      timeout: { minutes: 10 },
      initialDelay: { seconds: 20 },
      fn: signal => upkeep.run(signal),
    });
  }
  const requests = new RequestService({
    ...services,
    approvers,
    config,
    ender,
    grants,
    onChange: news.changed,
    planner,
    subjects: new Subjects({ ...services, config }),
    tasks,
  });
  return { grants, requests, tasks };
}
