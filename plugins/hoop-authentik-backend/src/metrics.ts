import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { MetricsService } from '@backstage/backend-plugin-api/alpha';

/** On which the clients of the three systems publish each request. */
const REQUESTS = 'hoop-authentik:request';

type Outcome = 'completed' | 'failed';

/** What the plugin measures while it works. @internal */
export interface Metrics {
  swept(seconds: number, outcome: Outcome): void;
  ran(action: string, outcome: Outcome): void;
  /** Ends what listens. */
  close(): void;
}

/**
 * Metrics with few and bounded attributes.
 *
 * @param countStates - how many integrations are in each state
 * @internal
 */
export function createMetrics(
  metrics: MetricsService,
  countStates: () => Promise<ReadonlyMap<string, number>>,
): Metrics {
  const sweeps = metrics.createHistogram('hoop_authentik.sweep.duration', {
    description: 'Duration of the sweeps over all integrations',
    unit: 's',
  });
  const runs = metrics.createCounter('hoop_authentik.runs.count', {
    description:
      'Runs of actions that write to a gateway, by action and outcome',
  });
  const requests = metrics.createCounter('hoop_authentik.requests.count', {
    description:
      'Requests to authentik, to gateways and to their clusters, by system and outcome',
  });
  const states = metrics.createObservableGauge('hoop_authentik.integrations', {
    description: 'Integrations by state, as last observed',
  });
  const observeStates: Parameters<
    typeof states.addCallback
  >[0] = async result => {
    for (const [state, count] of await countStates()) {
      result.observe(count, { state });
    }
  };
  states.addCallback(observeStates);

  const onRequest = (message: unknown) => {
    requests.add(1, requestAttributes(message));
  };
  subscribe(REQUESTS, onRequest);

  return {
    swept: (seconds, outcome) => sweeps.record(seconds, { outcome }),
    ran: (action, outcome) => runs.add(1, { action, outcome }),
    close() {
      unsubscribe(REQUESTS, onRequest);
      states.removeCallback(observeStates);
    },
  };
}

/** Attributes of one request: the system, and the class of its answer, such as `2xx`; pure. @internal */
export function requestAttributes(message: unknown): {
  system: string;
  outcome: string;
} {
  const { name, status } = message as { name: string; status?: number };
  const [system = 'kubernetes'] = /^(authentik|gateway)/.exec(name) ?? [];
  return {
    system,
    outcome:
      status === undefined ? 'no-answer' : `${Math.floor(status / 100)}xx`,
  };
}
