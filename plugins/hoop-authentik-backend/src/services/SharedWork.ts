interface Running<T> {
  result: Promise<T>;
  controller: AbortController;
  waiting: number;
}

/**
 * Work that several callers wait for is done once, and abandoned when the last of them leaves.
 *
 * @internal
 */
export class SharedWork<T> {
  readonly #running = new Map<string, Running<T>>();

  /**
   * @param key - the same for the same work
   * @param start - begins it; its signal fires when the last caller has left
   * @throws the signal's reason when the caller leaves
   */
  async run(
    key: string,
    start: (signal: AbortSignal) => Promise<T>,
    signal?: AbortSignal,
  ): Promise<T> {
    signal?.throwIfAborted();
    const work = this.#running.get(key) ?? this.#start(key, start);
    work.waiting++;
    return new Promise<T>((resolve, reject) => {
      const leave = () => {
        signal?.removeEventListener('abort', leave);
        work.waiting--;
        if (work.waiting === 0) {
          this.#forget(key, work);
          work.controller.abort(signal?.reason);
        }
        reject(signal?.reason);
      };
      signal?.addEventListener('abort', leave, { once: true });
      work.result
        .then(resolve, reject)
        .finally(() => signal?.removeEventListener('abort', leave));
    });
  }

  #start(key: string, start: (signal: AbortSignal) => Promise<T>): Running<T> {
    const controller = new AbortController();
    const work: Running<T> = {
      result: start(controller.signal).finally(() => this.#forget(key, work)),
      controller,
      waiting: 0,
    };
    this.#running.set(key, work);
    return work;
  }

  /** Another one may have begun meanwhile. */
  #forget(key: string, work: Running<T>): void {
    if (this.#running.get(key) === work) {
      this.#running.delete(key);
    }
  }
}
