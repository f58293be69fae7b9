import { ServiceUnavailableError } from '@backstage/errors';

/** A result serves those who ask again so soon. */
const KEPT_MS = 2_000;

/** Work that is under way at the same time. */
const MOST_AT_ONCE = 4;

/** No work goes on for longer, whoever waits for it. */
const DEADLINE_MS = 60_000;

const RETRY_AFTER_SECONDS = 5;

/**
 * Work that several callers ask for is done once, and its result is kept for seconds. It goes on when callers leave, so that
 * those who leave and ask again cause no more of it. Little of it is done at the same time.
 *
 * @internal
 */
export class SharedWork<T> {
  readonly #known = new Map<string, Promise<T>>();
  readonly #keptMs: number;
  #underWay = 0;

  constructor({ keptMs = KEPT_MS }: { keptMs?: number } = {}) {
    this.#keptMs = keptMs;
  }

  /**
   * @param key - the same for the same work
   * @param start - begins it; its signal fires when it takes too long
   * @param options - `anew`: begins it in any case, since what is known may have begun before a change
   * @throws ServiceUnavailableError with `retryAfter` in seconds when too much is under way
   * @throws the signal's reason when the caller leaves
   */
  async run(
    key: string,
    start: (signal: AbortSignal) => Promise<T>,
    { signal, anew }: { signal?: AbortSignal; anew?: boolean } = {},
  ): Promise<T> {
    signal?.throwIfAborted();
    const known = anew ? undefined : this.#known.get(key);
    const work = known ?? this.#start(key, start);
    return new Promise<T>((resolve, reject) => {
      const leave = () => reject(signal?.reason);
      signal?.addEventListener('abort', leave, { once: true });
      work
        .then(resolve, reject)
        .finally(() => signal?.removeEventListener('abort', leave));
    });
  }

  #start(key: string, start: (signal: AbortSignal) => Promise<T>): Promise<T> {
    if (this.#underWay >= MOST_AT_ONCE) {
      throw Object.assign(
        new ServiceUnavailableError(
          `${MOST_AT_ONCE} gateways are being checked already. Try again in a few seconds.`,
        ),
        { retryAfter: RETRY_AFTER_SECONDS },
      );
    }
    this.#underWay++;
    const work = start(AbortSignal.timeout(DEADLINE_MS)).finally(() => {
      this.#underWay--;
    });
    this.#known.set(key, work);
    const forget = () => {
      if (this.#known.get(key) === work) {
        this.#known.delete(key);
      }
    };
    work.then(() => setTimeout(forget, this.#keptMs).unref(), forget);
    return work;
  }
}
