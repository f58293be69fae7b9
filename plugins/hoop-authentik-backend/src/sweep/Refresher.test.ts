import type { LoggerService } from '@backstage/backend-plugin-api';
import type { Integration } from 'backstage-plugin-hoop-authentik-common';
import { reportNamed, sourceNamed } from '../__testUtils__/integrations';
import type { Observer } from '../observation/Observer';
import type { IntegrationStore } from '../store';
import { Refresher } from './Refresher';

const source = sourceNamed('a');

/** A refresher over a store of one integration, which was observed so many milliseconds ago. */
function refresherAfter(ms: number) {
  let refreshRequestedAt = 0;
  let checkedAt = new Date(Date.now() - ms).toISOString();
  const store = {
    put: async () => {},
    get: async () => ({ summary: { checkedAt }, refreshRequestedAt }),
    requestRefresh: async () => {
      refreshRequestedAt = Date.now();
    },
    record: async (_: string, report: Integration) => {
      checkedAt = report.observedAt;
    },
  } as unknown as IntegrationStore;
  const observe = jest.fn(async () => {
    const report = reportNamed('a');
    return () => report;
  });
  const refresher = new Refresher({
    store,
    observer: { observe } as unknown as Observer,
    news: { spread: async () => {} },
    logger: { warn: jest.fn() } as Partial<LoggerService> as LoggerService,
  });
  return {
    observe,
    refresher,
    observedByOther: () => {
      checkedAt = new Date().toISOString();
    },
  };
}

describe('Refresher', () => {
  beforeEach(() => {
    jest.useFakeTimers();
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  it('should observe without delay what was not observed just now', async () => {
    const { refresher, observe } = refresherAfter(10_000);
    await refresher.request(source);
    await jest.advanceTimersByTimeAsync(1);
    expect(observe).toHaveBeenCalledTimes(1);
  });

  it('should observe once more what was observed just now, as soon as that is seconds ago', async () => {
    const { refresher, observe } = refresherAfter(500);
    await refresher.request(source);
    await refresher.request(source);
    await jest.advanceTimersByTimeAsync(1_400);
    expect(observe).not.toHaveBeenCalled();
    await refresher.request(source);
    await jest.advanceTimersByTimeAsync(200);
    expect(observe).toHaveBeenCalledTimes(1);
    await jest.advanceTimersByTimeAsync(60_000);
    expect(observe).toHaveBeenCalledTimes(1);
  });

  it('should observe once more after an observation that is under way, which may have begun before a change', async () => {
    const { refresher, observe } = refresherAfter(10_000);
    const { promise: underWay, resolve: end } = withResolvers();
    observe.mockImplementationOnce(async () => {
      const report = reportNamed('a');
      await underWay;
      return () => report;
    });
    await refresher.request(source);
    await jest.advanceTimersByTimeAsync(100);
    await refresher.request(source);
    end();
    await jest.advanceTimersByTimeAsync(1_500);
    expect(observe).toHaveBeenCalledTimes(1);
    await jest.advanceTimersByTimeAsync(1_000);
    expect(observe).toHaveBeenCalledTimes(2);
  });

  it('should not observe what another process has observed since', async () => {
    const { refresher, observe, observedByOther } = refresherAfter(0);
    await refresher.request(source);
    await jest.advanceTimersByTimeAsync(1_000);
    observedByOther();
    await jest.advanceTimersByTimeAsync(60_000);
    expect(observe).not.toHaveBeenCalled();
  });

  it('should not wait after a change that a run has made', async () => {
    const { refresher, observe } = refresherAfter(0);
    await refresher.request(source, { anew: true });
    await jest.advanceTimersByTimeAsync(1);
    expect(observe).toHaveBeenCalledTimes(1);
  });

  it('should give up what waits when it is stopped', async () => {
    const { refresher, observe } = refresherAfter(0);
    await refresher.request(source);
    refresher.stop();
    await jest.advanceTimersByTimeAsync(60_000);
    expect(observe).not.toHaveBeenCalled();
  });
});

function withResolvers() {
  let resolve = () => {};
  const promise = new Promise<void>(resolved => {
    resolve = resolved;
  });
  return { promise, resolve };
}
