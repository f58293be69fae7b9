import { subscribe, unsubscribe } from 'node:diagnostics_channel';

/** What undici tells of a request. */
interface Told {
  request: { origin?: string | URL };
}

/**
 * Counts the requests of this process that are under way, by the host they go to: from the moment they are sent until
 * their answer is complete.
 */
export class InFlight {
  readonly #now = new Map<string, Set<object>>();
  readonly #most = new Map<string, number>();

  readonly #sent = (message: unknown) => {
    const { request } = message as Told;
    const origin = String(request.origin);
    const open = this.#now.get(origin) ?? new Set();
    this.#now.set(origin, open.add(request));
    this.#most.set(origin, Math.max(this.#most.get(origin) ?? 0, open.size));
  };

  readonly #done = (message: unknown) => {
    const { request } = message as Told;
    this.#now.get(String(request.origin))?.delete(request);
  };

  start(): void {
    subscribe('undici:client:sendHeaders', this.#sent);
    subscribe('undici:request:trailers', this.#done);
    subscribe('undici:request:error', this.#done);
  }

  stop(): void {
    unsubscribe('undici:client:sendHeaders', this.#sent);
    unsubscribe('undici:request:trailers', this.#done);
    unsubscribe('undici:request:error', this.#done);
  }

  /** The most there ever were at one host. */
  most(): number {
    return Math.max(0, ...this.#most.values());
  }
}
