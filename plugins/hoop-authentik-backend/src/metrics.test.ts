import { channel } from 'node:diagnostics_channel';
import type { MetricsService } from '@backstage/backend-plugin-api/alpha';
import { createMetrics } from './metrics';

type Reading = [name: string, value: number, attributes: unknown];
type Callback = (result: {
  observe(value: number, attributes: object): void;
}) => Promise<void>;

/** What a metrics backend would receive; gauges when it reads them. */
function collector() {
  const readings: Reading[] = [];
  const callbacks = new Map<Callback, string>();
  const record = (name: string) => (value: number, attributes: unknown) => {
    readings.push([name, value, attributes]);
  };
  const service = {
    createHistogram: (name: string) => ({ record: record(name) }),
    createCounter: (name: string) => ({ add: record(name) }),
    createObservableGauge: (name: string) => ({
      addCallback: (callback: Callback) => callbacks.set(callback, name),
      removeCallback: (callback: Callback) => callbacks.delete(callback),
    }),
  } as unknown as MetricsService;
  const collect = async () => {
    for (const [callback, name] of callbacks) {
      await callback({ observe: record(name) });
    }
    return readings.splice(0);
  };
  return { service, collect };
}

describe('metrics', () => {
  const requests = channel('hoop-authentik:request');
  const { service, collect } = collector();
  const metrics = createMetrics(service, {
    integrations: async () =>
      new Map([
        ['connected', 3],
        ['drifted', 1],
      ]),
    userRequests: async () => new Map([['pending', 2]]),
  });

  it('should measure sweeps, runs, requests and states with bounded attributes', async () => {
    metrics.swept(1.5, 'completed');
    metrics.swept(0.2, 'failed');
    metrics.ran('hoop:gateway:configure', 'failed');
    metrics.requested('approved');
    for (const [name, status] of [
      ['authentik "default"', 200],
      ['authentik "default"', 503],
      ['gateway "main"', 301],
      ['https://cluster.company:6443', 409],
      ['gateway "main"', undefined],
    ]) {
      requests.publish({ name, status });
    }
    const asked = (system: string, outcome: string): Reading => [
      'hoop_authentik.requests.count',
      1,
      { system, outcome },
    ];
    expect(await collect()).toEqual([
      ['hoop_authentik.sweep.duration', 1.5, { outcome: 'completed' }],
      ['hoop_authentik.sweep.duration', 0.2, { outcome: 'failed' }],
      [
        'hoop_authentik.runs.count',
        1,
        { action: 'hoop:gateway:configure', outcome: 'failed' },
      ],
      ['hoop_authentik.user_requests.count', 1, { event: 'approved' }],
      asked('authentik', '2xx'),
      asked('authentik', '5xx'),
      asked('gateway', '3xx'),
      asked('kubernetes', '4xx'),
      asked('gateway', 'no-answer'),
      ['hoop_authentik.integrations', 3, { state: 'connected' }],
      ['hoop_authentik.integrations', 1, { state: 'drifted' }],
      ['hoop_authentik.user_requests', 2, { state: 'pending' }],
    ]);
  });

  it('should measure nothing once it is closed', async () => {
    metrics.close();
    requests.publish({ name: 'authentik "default"', status: 200 });
    expect(await collect()).toEqual([]);
  });
});
