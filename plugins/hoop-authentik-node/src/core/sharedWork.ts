/**
 * Makes a lookup that runs at most once and is shared by all callers, during the run and after it. A failed run is
 * forgotten, so that the next caller tries again.
 *
 * @internal
 */
export function once<T>(run: () => Promise<T>): () => Promise<T> {
  let running: Promise<T> | undefined;
  return () => {
    running ??= run().catch(error => {
      running = undefined;
      throw error;
    });
    return running;
  };
}

/**
 * Waits for shared work, but not past an abort. The work continues for the other callers.
 *
 * @throws the signal's reason when it is aborted
 * @internal
 */
export async function unlessAborted<T>(
  start: () => Promise<T>,
  signal: AbortSignal | undefined,
): Promise<T> {
  if (!signal) {
    return start();
  }
  signal.throwIfAborted();
  return new Promise<T>((resolve, reject) => {
    const abort = () => reject(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    start()
      .then(resolve, reject)
      .finally(() => signal.removeEventListener('abort', abort));
  });
}
