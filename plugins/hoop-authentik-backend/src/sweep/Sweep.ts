import { setImmediate as turnOfEventLoop } from 'node:timers/promises';
import type { LoggerService } from '@backstage/backend-plugin-api';
import type { Observer, Observed, SweepReads } from '../observation/Observer';
import { NOT_OBSERVED, reasonOf } from '../reasonOf';
import type {
  IntegrationSource,
  IntegrationStore,
  RememberedSource,
} from '../store';
import { ApplicationMemory } from './ApplicationMemory';
import { createSweepReads, keyOf } from './createSweepReads';

/** So many that a slow system holds up few others, and so few that no request waits past its deadline. */
const AT_ONCE = 16;

/** How long one observation may take; a gateway that hangs holds up nothing else. */
const OBSERVATION_MS = 60_000;

/** What one sweep did. @internal */
export interface SweepResult {
  observed: number;
  failed: number;
}

/**
 * Observes every integration and remembers what it found.
 *
 * @internal
 */
export class Sweep {
  readonly #store: IntegrationStore;
  readonly #observer: Observer;
  readonly #logger: LoggerService;
  readonly #readSources: () => Promise<IntegrationSource[]>;
  readonly #memory = new ApplicationMemory();
  #lastTurn: Promise<void> = Promise.resolve();

  constructor(options: {
    store: IntegrationStore;
    observer: Observer;
    logger: LoggerService;
    /** The integrations as catalog and app-config have them. */
    readSources: () => Promise<IntegrationSource[]>;
  }) {
    this.#store = options.store;
    this.#observer = options.observer;
    this.#logger = options.logger;
    this.#readSources = options.readSources;
  }

  /** Ends early, and throws the reason, where the signal fires; what was observed until then is remembered. */
  async run(signal: AbortSignal): Promise<SweepResult> {
    await this.#sync();
    const subjects = groupBySubject(await this.#store.sources());
    this.#memory.keepOnly(new Set(subjects.keys()));
    const reads = createSweepReads({
      memory: this.#memory,
      readSince: new Map(
        [...subjects].map(([key, sources]) => [
          key,
          Math.max(...sources.map(({ refreshedAt }) => refreshedAt)),
        ]),
      ),
      signal,
    });
    const result: SweepResult = { observed: 0, failed: 0 };
    const left = shuffled([...subjects.values()]);
    const work = async () => {
      for (let next = left.pop(); next; next = left.pop()) {
        signal.throwIfAborted();
        const good = await this.#observe(next, reads, signal);
        result[good ? 'observed' : 'failed'] += next.length;
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    return result;
  }

  /** Many observations wait for the same list; evaluated one by one after it, they hold up no request to the backend. */
  #turn(): Promise<void> {
    this.#lastTurn = this.#lastTurn.then(() => turnOfEventLoop());
    return this.#lastTurn;
  }

  /** Without the catalog, what is known already is observed. */
  async #sync(): Promise<void> {
    try {
      await this.#store.sync(await this.#readSources());
    } catch (error) {
      this.#logger.warn(
        `The catalog cannot be read, so the integrations known already are observed: ${reasonOf(
          error,
        )}`,
      );
    }
  }

  async #observe(
    sources: RememberedSource[],
    reads: SweepReads,
    signal: AbortSignal,
  ): Promise<boolean> {
    const [{ gateway, application = '' }] = sources;
    const began = Date.now();
    const deadline = AbortSignal.timeout(OBSERVATION_MS);
    let observed: Observed;
    try {
      observed = await this.#observer.observeInSweep(
        { gateway: gateway.name, application },
        { signal: AbortSignal.any([signal, deadline]), reads },
      );
    } catch (error) {
      signal.throwIfAborted();
      const reason = deadline.aborted
        ? `The observation took longer than ${(Date.now() - began) / 1_000} s`
        : NOT_OBSERVED;
      this.#logger.warn(
        `The gateway "${gateway.name}" was not observed: ${reasonOf(error)}`,
      );
      for (const { id } of sources) {
        await this.#store.recordFailure(id, reason);
      }
      return false;
    }
    for (const { id, entityRef = '', bound } of sources) {
      await this.#turn();
      await this.#store.record(id, observed(entityRef, { bound }));
    }
    return true;
  }
}

/** Several entities may be attached to one gateway and application. */
function groupBySubject(
  sources: RememberedSource[],
): Map<string, RememberedSource[]> {
  const groups = new Map<string, RememberedSource[]>();
  for (const source of sources) {
    const { gateway, application = '' } = source;
    const key = keyOf({ gateway: gateway.name, application });
    groups.set(key, [...(groups.get(key) ?? []), source]);
  }
  return groups;
}

/** In another order each time, so that no host gets all its requests in a row, and none is always the last. */
function shuffled<T>(items: T[]): T[] {
  return items
    .map(item => ({ item, at: Math.random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item);
}
