import type { LoggerService } from '@backstage/backend-plugin-api';
import type { Integration } from 'backstage-plugin-hoop-authentik-common';
import type { Observer } from '../observation/Observer';
import { reasonOf } from '../reasonOf';
import type { IntegrationSource, IntegrationStore } from '../store';
import type { News } from './News';

/** How long a refresh may take. @internal */
export const REFRESH_MS = 60_000;

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
  ): Promise<Integration> {
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

  /** Notes that a refresh is requested, and observes in the background. */
  async request(
    source: IntegrationSource,
    { anew = false }: { anew?: boolean } = {},
  ): Promise<void> {
    await this.#store.put(source);
    await this.#store.requestRefresh(source.id);
    void this.#refresh(source, anew);
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

  async #refresh(source: IntegrationSource, anew: boolean): Promise<void> {
    try {
      await this.observe(source, {
        anew,
        signal: AbortSignal.any([
          this.#stop.signal,
          AbortSignal.timeout(REFRESH_MS),
        ]),
      });
    } catch (error) {
      if (!this.#stop.signal.aborted) {
        this.#warn(source.id, error);
        await this.#store
          .recordFailure(source.id, reasonOf(error))
          .catch(failure => this.#warn(source.id, failure));
      }
    }
  }

  #warn(id: string, error: unknown): void {
    this.#logger.warn(`The refresh of ${id} failed: ${reasonOf(error)}`);
  }
}
