/**
 * A signal that fires at the deadline or when the caller aborts. It uses a plain timer: `AbortSignal.any` with
 * `AbortSignal.timeout` leaves a listener on a long-lived signal for each request.
 *
 * @internal
 */
export function deadlineOf(
  ms: number,
  signal: AbortSignal | undefined,
  reason = 'no answer within the deadline',
) {
  const controller = new AbortController();
  const abort = () => controller.abort(signal?.reason);
  const timer = setTimeout(
    () => controller.abort(new DOMException(reason, 'TimeoutError')),
    ms,
  );
  signal?.addEventListener('abort', abort, { once: true });
  if (signal?.aborted) {
    abort();
  }
  return {
    signal: controller.signal,
    clear() {
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
    },
  };
}
