import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { MetricsService } from '@backstage/backend-plugin-api/alpha';

/** On which the clients of the three systems publish each request. */
const REQUESTS = 'hoop-authentik:request';

type Outcome = 'completed' | 'failed';

/** What the plugin measures while it works. @internal */
export interface Metrics {
  swept(seconds: number, outcome: Outcome): void;
  ran(action: string, outcome: Outcome): void;
  /** Something has happened to a request of a user. */
  requested(event: string): void;
  /** Ends what listens. */
  close(): void;
}

/**
 * Metrics with few and bounded attributes.
 *
 * @param count - how many integrations and requests of users are in each state
 * @internal
 */
export function createMetrics(
  metrics: MetricsService,
  count: Record<
    'integrations' | 'userRequests',
    () => Promise<ReadonlyMap<string, number>>
  >,
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
  const userRequests = metrics.createObservableGauge(
    'hoop_authentik.user_requests',
    { description: 'Requests of users by state' },
  );
  const events = metrics.createCounter('hoop_authentik.user_requests.count', {
    description: 'What has happened to requests of users, by event',
  });
  const stopObserving = [
    observeStates(states, count.integrations),
    observeStates(userRequests, count.userRequests),
  ];

  const onRequest = (message: unknown) => {
    requests.add(1, requestAttributes(message));
  };
  subscribe(REQUESTS, onRequest);

  return {
    swept: (seconds, outcome) => sweeps.record(seconds, { outcome }),
    requested: event => events.add(1, { event }),
    ran: (action, outcome) => runs.add(1, { action, outcome }),
    close() {
      unsubscribe(REQUESTS, onRequest);
      stopObserving.forEach(stop => stop());
    },
  };
}

/** @returns what ends it */
function observeStates(
  gauge: ReturnType<MetricsService['createObservableGauge']>,
  countStates: () => Promise<ReadonlyMap<string, number>>,
): () => void {
  const observe: Parameters<typeof gauge.addCallback>[0] = async result => {
    for (const [state, count] of await countStates()) {
      result.observe(count, { state });
    }
  };
  gauge.addCallback(observe);
  return () => gauge.removeCallback(observe);
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
