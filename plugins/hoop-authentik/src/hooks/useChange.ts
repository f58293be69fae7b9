import { toError } from '@backstage/errors';
import { useEffect, useRef, useState } from 'react';

/** Makes a change once at a time, and keeps why it failed. @internal */
export function useChange() {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<Error>();
  const mounted = useRef(true);
  useEffect(() => {
    mounted.current = true;
    return () => {
      mounted.current = false;
    };
  }, []);

  const change = async (make: () => Promise<void>) => {
    if (busy) {
      return;
    }
    setBusy(true);
    setError(undefined);
    try {
      await make();
    } catch (e) {
      if (mounted.current) {
        setError(toError(e));
      }
    } finally {
      if (mounted.current) {
        setBusy(false);
      }
    }
  };
  return { busy, error, change };
}
