/**
 * Makes a lookup that is run at most once and shared by everybody who asks while or after it runs; a failed run is
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
