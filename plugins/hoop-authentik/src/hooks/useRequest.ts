import { toError } from '@backstage/errors';
import { useCallback, useEffect, useState } from 'react';

/** A request and what came of it. @internal */
export interface RequestResult<T> {
  /** The last good answer; kept while the next one is awaited. */
  value?: T;
  error?: Error;
  loading: boolean;
  retry: () => void;
}

/**
 * Makes a request, anew whenever it changes, and gives up the one that is no longer wanted.
 *
 * @param request - memoized
 * @internal
 */
export function useRequest<T>(
  request: (options: { signal: AbortSignal }) => Promise<T>,
): RequestResult<T> {
  const [attempt, setAttempt] = useState(0);
  const [result, setResult] = useState<Omit<RequestResult<T>, 'retry'>>({
    loading: true,
  });

  useEffect(() => {
    const controller = new AbortController();
    const { signal } = controller;
    setResult(({ value }) => ({ value, loading: true }));
    request({ signal }).then(
      value => !signal.aborted && setResult({ value, loading: false }),
      error =>
        !signal.aborted && setResult({ error: toError(error), loading: false }),
    );
    return () => controller.abort();
  }, [request, attempt]);

  const retry = useCallback(() => setAttempt(count => count + 1), []);
  return { ...result, retry };
}
