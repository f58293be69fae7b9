import { toError } from '@backstage/errors';
import { useApi } from '@backstage/frontend-plugin-api';
import type { Integration } from 'backstage-plugin-hoop-authentik-common';
import { useCallback, useEffect, useState } from 'react';
import { hoopAuthentikApiRef } from '../api';

/** What is known about an entity's integration at the moment. @internal */
export interface IntegrationResult {
  /** The last good answer; kept while a refresh runs and when it fails. */
  integration?: Integration;
  /** Why the latest request failed. */
  error?: Error;
  loading: boolean;
  refresh: () => void;
}

type Snapshot = Omit<IntegrationResult, 'refresh'> & { entityRef: string };

/** Reads the integration of an entity, and again on `refresh`. Requests are given up when they are no longer wanted. @internal */
export function useIntegration(entityRef: string): IntegrationResult {
  const api = useApi(hoopAuthentikApiRef);
  const [attempt, setAttempt] = useState(0);
  const [snapshot, setSnapshot] = useState<Snapshot>({
    entityRef,
    loading: true,
  });

  useEffect(() => {
    const controller = new AbortController();
    const { signal } = controller;

    setSnapshot(previous => ({
      // Another entity's integration must never be shown, not even for a moment.
      ...(previous.entityRef === entityRef && previous),
      entityRef,
      loading: true,
    }));

    const observeNow = attempt > 0;
    api.getIntegration(entityRef, { signal, observeNow }).then(
      integration => {
        if (!signal.aborted) {
          setSnapshot({ entityRef, integration, loading: false });
        }
      },
      error => {
        if (!signal.aborted) {
          setSnapshot(({ integration }) => ({
            entityRef,
            integration,
            error: toError(error),
            loading: false,
          }));
        }
      },
    );

    return () => controller.abort();
  }, [api, entityRef, attempt]);

  const refresh = useCallback(() => setAttempt(count => count + 1), []);

  return snapshot.entityRef === entityRef
    ? {
        integration: snapshot.integration,
        error: snapshot.error,
        loading: snapshot.loading,
        refresh,
      }
    : { loading: true, refresh };
}
