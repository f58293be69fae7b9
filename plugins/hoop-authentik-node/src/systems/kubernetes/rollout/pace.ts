/**
 * Lets a few things happen in a row and then one per interval, whatever a server sends.
 *
 * @internal
 */
export class Pace {
  readonly #burst: number;
  readonly #intervalMs: number;
  /** When the last of those so far is due. */
  #dueAt = 0;

  constructor(options: { burst: number; intervalMs: number }) {
    this.#burst = options.burst;
    this.#intervalMs = options.intervalMs;
  }

  /** Counts one, and returns the milliseconds to wait before it. */
  take(now: number = Date.now()): number {
    const earliest = now - (this.#burst - 1) * this.#intervalMs;
    this.#dueAt = Math.max(this.#dueAt + this.#intervalMs, earliest);
    return Math.max(this.#dueAt - now, 0);
  }
}
