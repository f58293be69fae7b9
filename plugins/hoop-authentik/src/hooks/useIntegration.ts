import { ResponseError, toError } from '@backstage/errors';
import { useApi } from '@backstage/frontend-plugin-api';
import {
  INTEGRATIONS_SIGNAL_CHANNEL,
  type RememberedIntegration,
} from 'backstage-plugin-hoop-authentik-common';
import { useCallback, useEffect, useMemo, useState } from 'react';
import { hoopAuthentikApiRef, type HoopAuthentikApi } from '../api';
import { useCheckTexts } from './useCheckTexts';
import { useSignalCount } from './useSignalCount';

/** What is known about an entity's integration at the moment. @internal */
export interface IntegrationResult {
  /** The last good answer; kept while a refresh runs and when it fails. */
  integration?: RememberedIntegration;
  /** Why the latest request failed. */
  error?: Error;
  loading: boolean;
  refresh: () => void;
}

type Snapshot = Omit<IntegrationResult, 'refresh'> & { entityRef: string };

/** How long an answer stands for the next card of the same entity, such as when a tab is opened and left. */
const FRESH_FOR_MS = 5_000;

/** While a gateway switches, its state changes within seconds. */
const POLL_PENDING_MS = 5_000;

/** A request; each one is an object of its own. */
interface Attempt {
  observeNow: boolean;
}

const FIRST: Attempt = { observeNow: false };

interface Answer {
  integration: RememberedIntegration;
  at: number;
}

const answers = new WeakMap<HoopAuthentikApi, Map<string, Answer>>();

/**
 * Reads the integration of an entity, again on `refresh`, on a signal that states have changed, and every few seconds while it is
 * pending. Requests are given up when they are no longer wanted.
 *
 * @internal
 */
export function useIntegration(entityRef: string): IntegrationResult {
  const api = useApi(hoopAuthentikApiRef);
  const [attempt, setAttempt] = useState(FIRST);
  const [snapshot, setSnapshot] = useState<Snapshot>(() => ({
    entityRef,
    integration: freshAnswer(api, entityRef),
    loading: true,
  }));

  useEffect(() => {
    const controller = new AbortController();
    const { signal } = controller;
    const fresh = attempt === FIRST && freshAnswer(api, entityRef);
    if (fresh) {
      setSnapshot({ entityRef, integration: fresh, loading: false });
      return undefined;
    }

    setSnapshot(previous => ({
      // Another entity's integration must never be shown, not even for a moment.
      ...(previous.entityRef === entityRef && previous),
      entityRef,
      loading: true,
    }));

    read(api, entityRef, { signal, observeNow: attempt.observeNow }).then(
      integration => {
        if (!signal.aborted) {
          remember(api, entityRef, integration);
          setSnapshot({ entityRef, integration, loading: false });
        }
      },
      error => {
        if (!signal.aborted) {
          answers.get(api)?.delete(entityRef);
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

  const refresh = useCallback(() => setAttempt({ observeNow: true }), []);
  const reload = useCallback(() => setAttempt({ observeNow: false }), []);

  const signals = useSignalCount(INTEGRATIONS_SIGNAL_CHANNEL);
  useEffect(() => {
    if (signals > 0) {
      reload();
    }
  }, [signals, reload]);

  const isPending = snapshot.integration?.state === 'pending';
  useEffect(() => {
    if (!isPending || snapshot.loading) {
      return undefined;
    }
    const timer = setTimeout(reload, POLL_PENDING_MS);
    return () => clearTimeout(timer);
  }, [isPending, snapshot.loading, reload]);

  const inLanguage = useCheckTexts();
  const { integration: found } = snapshot;
  const integration = useMemo(
    () =>
      found && {
        ...found,
        checks: found.checks.map(inLanguage),
        problems: found.problems.map(inLanguage),
      },
    [found, inLanguage],
  );

  return snapshot.entityRef === entityRef
    ? {
        integration,
        error: snapshot.error,
        loading: snapshot.loading,
        refresh,
      }
    : { loading: true, refresh };
}

/** What is remembered will do for whoever may not have it observed now. */
async function read(
  api: HoopAuthentikApi,
  entityRef: string,
  { signal, observeNow }: Attempt & { signal: AbortSignal },
): Promise<RememberedIntegration> {
  try {
    return await api.getIntegration(entityRef, { signal, observeNow });
  } catch (error) {
    if (observeNow && ResponseError.is(error) && error.statusCode === 403) {
      return api.getIntegration(entityRef, { signal });
    }
    throw error;
  }
}

function freshAnswer(
  api: HoopAuthentikApi,
  entityRef: string,
): RememberedIntegration | undefined {
  const answer = answers.get(api)?.get(entityRef);
  return answer && Date.now() - answer.at < FRESH_FOR_MS
    ? answer.integration
    : undefined;
}

function remember(
  api: HoopAuthentikApi,
  entityRef: string,
  integration: RememberedIntegration,
): void {
  const ofApi = answers.get(api) ?? new Map<string, Answer>();
  ofApi.set(entityRef, { integration, at: Date.now() });
  answers.set(api, ofApi);
}
