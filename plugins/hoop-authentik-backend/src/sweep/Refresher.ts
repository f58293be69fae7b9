import { setTimeout as sleep } from 'node:timers/promises';
import type { LoggerService } from '@backstage/backend-plugin-api';
import { isError } from '@backstage/errors';
import type { Observer } from '../observation/Observer';
import type { WholeReport } from '../observation/report';
import { NOT_OBSERVED, reasonOf } from '../reasonOf';
import {
  isRefreshing,
  REFRESH_MS,
  type IntegrationSource,
  type IntegrationStore,
  type RememberedReport,
} from '../store';
import type { News } from './News';

/** What was observed so short a time ago is as good as now. */
const CURRENT_MS = 2_000;

/**
 * Observes single integrations on demand, in full, and remembers what it found.
 *
 * @internal
 */
export class Refresher {
  readonly #store: IntegrationStore;
  readonly #observer: Observer;
  readonly #news: Pick<News, 'spread'>;
  readonly #logger: LoggerService;
  readonly #stop = new AbortController();

  constructor(options: {
    store: IntegrationStore;
    observer: Observer;
    news: Pick<News, 'spread'>;
    logger: LoggerService;
  }) {
    this.#store = options.store;
    this.#observer = options.observer;
    this.#news = options.news;
    this.#logger = options.logger;
  }

  /** Observes now, remembers it, and spreads the news in the background. */
  async observe(
    source: IntegrationSource,
    options: { signal?: AbortSignal; anew?: boolean } = {},
  ): Promise<WholeReport> {
    const { id, entityRef = '', gateway, application = '' } = source;
    const observed = await this.#observer.observe(
      { gateway: gateway.name, application },
      options,
    );
    const report = observed(entityRef);
    await this.#store.put(source);
    await this.#store.record(id, report, { onDemand: true });
    void this.#news.spread().catch(error => this.#warn(id, error));
    return report;
  }

  /**
   * Notes that a refresh is requested, and observes in the background. One that is under way, or was seconds ago, suffices.
   *
   * @param options - `anew`: it does not, since something has changed
   */
  async request(
    source: IntegrationSource,
    { anew = false }: { anew?: boolean } = {},
  ): Promise<void> {
    await this.#store.put(source);
    const remembered = await this.#store.get(source.id);
    if (anew || !isCurrent(remembered)) {
      await this.#store.requestRefresh(source.id);
      void this.#refresh(source);
    }
  }

  /** Requests a refresh of everything that a gateway is part of, such as after a run that changed it. */
  async requestForGateway(gateway: string): Promise<void> {
    for (const source of await this.#store.sources(gateway)) {
      await this.request(source, { anew: true });
    }
  }

  /** Gives up what is under way. */
  stop(): void {
    this.#stop.abort();
  }

  async #refresh(source: IntegrationSource): Promise<void> {
    const signal = AbortSignal.any([
      this.#stop.signal,
      AbortSignal.timeout(REFRESH_MS),
    ]);
    try {
      await this.#whenNotBusy(
        () => this.observe(source, { signal, anew: true }),
        signal,
      );
    } catch (error) {
      if (!this.#stop.signal.aborted) {
        this.#warn(source.id, error);
        await this.#store
          .recordFailure(source.id, NOT_OBSERVED)
          .catch(failure => this.#warn(source.id, failure));
      }
    }
  }

  async #whenNotBusy(
    observe: () => Promise<unknown>,
    signal: AbortSignal,
  ): Promise<void> {
    for (;;) {
      try {
        await observe();
        return;
      } catch (error) {
        if (!isError(error) || typeof error.retryAfter !== 'number') {
          throw error;
        }
        await sleep(error.retryAfter * 1_000, undefined, { signal });
      }
    }
  }

  #warn(id: string, error: unknown): void {
    this.#logger.warn(`The refresh of ${id} failed: ${reasonOf(error)}`);
  }
}

function isCurrent(remembered: RememberedReport | undefined): boolean {
  const checkedAt = Date.parse(remembered?.summary.checkedAt ?? '');
  return isRefreshing(remembered) || Date.now() - checkedAt < CURRENT_MS;
}
