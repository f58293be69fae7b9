import { setTimeout as sleep } from 'node:timers/promises';

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

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 4_000;

/**
 * Looks again and again, with growing pauses, for what a request whose answer was lost may still bring about.
 *
 * @returns what was found; `undefined` where it did not come in time
 * @throws the signal's reason when it is aborted
 * @internal
 */
export async function untilSettled<T>(
  look: () => Promise<T | undefined>,
  { signal, patienceMs }: { signal?: AbortSignal; patienceMs: number },
): Promise<T | undefined> {
  const deadline = Date.now() + patienceMs;
  for (let pause = FIRST_PAUSE_MS; ; pause *= 2) {
    // A server that is too busy to answer is asked again.
    const found = await look().catch(() => undefined);
    signal?.throwIfAborted();
    if (found !== undefined || Date.now() >= deadline) {
      return found;
    }
    await sleep(
      Math.min(pause, LONGEST_PAUSE_MS, deadline - Date.now()),
      undefined,
      { signal },
    );
  }
}
