import { RolloutObserver, WaitForRolloutOptions } from './RolloutObserver';

/** @public */
export type RolloutResult =
  | { ok: true; durationMs: number }
  | { ok: false; reason: string };

/**
 * Waits until a Deployment runs its newest template: by kubectl's rule for the Deployment, and with no container of its
 * new pods having ended since. Follows a watch, so the end is seen as soon as the cluster reports it. Needs `get` and,
 * better, `watch` on the Deployment and `list` on pods.
 *
 * @throws the signal's reason when the caller aborts
 * @throws ServiceUnavailableError when the Deployment cannot be read at the start
 * @public
 */
export async function waitForRollout(
  options: WaitForRolloutOptions,
): Promise<RolloutResult> {
  const started = Date.now();
  const deadline = AbortSignal.timeout(options.timeoutMs);
  const ended = new AbortController();
  const signal = AbortSignal.any([
    deadline,
    ended.signal,
    ...(options.signal ? [options.signal] : []),
  ]);
  const observer = new RolloutObserver(options, signal);
  try {
    const reason = await observer.untilDone();
    return reason === undefined
      ? { ok: true, durationMs: Date.now() - started }
      : { ok: false, reason: options.redact(reason) };
  } catch (error) {
    options.signal?.throwIfAborted();
    if (!deadline.aborted) {
      throw error;
    }
    return {
      ok: false,
      reason: options.redact(
        `not complete within ${
          options.timeoutMs / 1000
        } s: ${await observer.lastWords()}`,
      ),
    };
  } finally {
    ended.abort();
  }
}
