import type { Metrics } from '../metrics';
import type { IntegrationStore } from '../store';
import type { Refresher } from '../sweep/Refresher';
import type { RunWitness } from './createRunsRouter';

/** Remembers runs, and has what they changed observed. @internal */
export function createWitness(options: {
  metrics: Pick<Metrics, 'ran'>;
  refresher: Pick<Refresher, 'requestForGateway'>;
  store: Pick<IntegrationStore, 'beginRun' | 'endRun'>;
}): RunWitness {
  const { metrics, refresher, store } = options;
  return {
    began: run => store.beginRun(run),
    async ended({ gateway, runId }, outcome) {
      const action = await store.endRun(runId, outcome);
      if (action !== undefined) {
        metrics.ran(action, outcome);
        await refresher.requestForGateway(gateway);
      }
    },
  };
}
