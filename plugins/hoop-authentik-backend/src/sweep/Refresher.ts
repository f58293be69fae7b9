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

/** However often a refresh is requested, observations on demand keep this distance. */
const DISTANCE_MS = 2_000;

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
  /** Of integrations whose refresh has not begun yet: it sees whatever changes until then. */
  readonly #waiting = new Map<string, NodeJS.Timeout>();

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
    await this.#store.put(source);
    const report = observed(entityRef, await this.#store.get(id));
    await this.#store.record(id, report, { onDemand: true });
    void this.#news.spread().catch(error => this.#warn(id, error));
    return report;
  }

  /**
   * Notes that a refresh is requested, and observes in the background, soon after the last observation at the earliest: what
   * has changed since is seen in any case.
   *
   * @param options - `anew`: observes without delay
   */
  async request(
    source: IntegrationSource,
    { anew = false }: { anew?: boolean } = {},
  ): Promise<void> {
    await this.#store.put(source);
    const { id } = source;
    const remembered = await this.#store.get(id);
    await this.#store.requestRefresh(id);
    if (anew) {
      void this.#refresh(source);
    } else if (!this.#waiting.has(id)) {
      const begin = () => {
        this.#waiting.delete(id);
        void this.#refreshIfWanted(source);
      };
      this.#waiting.set(id, setTimeout(begin, delayOf(remembered)).unref());
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
    for (const timer of this.#waiting.values()) {
      clearTimeout(timer);
    }
  }

  /** Another process may have observed it since the request. */
  async #refreshIfWanted(source: IntegrationSource): Promise<void> {
    const remembered = await this.#store.get(source.id).catch(() => undefined);
    if (!remembered || isRefreshing(remembered)) {
      await this.#refresh(source);
    }
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

/** An observation that is under way may have begun before a change. */
function delayOf(remembered: RememberedReport | undefined): number {
  if (isRefreshing(remembered)) {
    return DISTANCE_MS;
  }
  const checkedAt = Date.parse(remembered?.summary.checkedAt ?? '');
  return Math.max(0, (checkedAt || 0) + DISTANCE_MS - Date.now());
}
