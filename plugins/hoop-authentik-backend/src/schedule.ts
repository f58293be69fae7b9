import type {
  LoggerService,
  SchedulerService,
} from '@backstage/backend-plugin-api';
import type { BackendConfig } from './config';
import type { Metrics } from './metrics';
import { reasonOf } from './reasonOf';
import type { IntegrationStore } from './store';
import type { News } from './sweep/News';
import type { Sweep } from './sweep/Sweep';

/** Id of the task in the scheduler. @internal */
export const SWEEP_TASK = 'hoop-authentik-sweep';

/** Has every integration observed in turn, by one replica at a time. @internal */
export async function scheduleSweep(options: {
  config: BackendConfig;
  logger: LoggerService;
  metrics: Pick<Metrics, 'swept'>;
  news: Pick<News, 'spread'>;
  scheduler: SchedulerService;
  store: Pick<IntegrationStore, 'prune'>;
  sweep: Sweep;
}): Promise<void> {
  const { config, logger, metrics, news, scheduler, store, sweep } = options;
  await scheduler.scheduleTask({
    ...config.schedule,
    id: SWEEP_TASK,
    fn: async signal => {
      const began = performance.now();
      const seconds = () => (performance.now() - began) / 1_000;
      try {
        const { observed, failed } = await sweep.run(signal);
        metrics.swept(seconds(), 'completed');
        logger.debug(
          `Observed ${observed} integrations in ${seconds().toFixed(
            1,
          )} s; ${failed} could not be observed`,
        );
      } catch (error) {
        metrics.swept(seconds(), 'failed');
        logger.warn(`The sweep was not completed: ${reasonOf(error)}`);
      } finally {
        // What was found until then is news all the same.
        await news.spread();
        await store.prune(config.keepHistoryMs);
      }
    },
  });
}
