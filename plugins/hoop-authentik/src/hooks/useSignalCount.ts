import { createApiRef, useApiHolder } from '@backstage/frontend-plugin-api';
import { useEffect, useState } from 'react';

/**
 * The part of the signals plugin that is used here, by its id: a dependency would force the plugin on portals that do
 * without it. @internal
 */
export const signalApiRef = createApiRef<{
  subscribe(
    channel: string,
    onMessage: () => void,
  ): { unsubscribe: () => void };
}>().with({ id: 'plugin.signal.service', pluginId: 'signals' });

/** How many signals have come on a channel; none where the portal has no signals. @internal */
export function useSignalCount(channel: string): number {
  const signals = useApiHolder().get(signalApiRef);
  const [count, setCount] = useState(0);

  useEffect(() => {
    const subscription = signals?.subscribe(channel, () =>
      setCount(before => before + 1),
    );
    return () => subscription?.unsubscribe();
  }, [signals, channel]);

  return count;
}
