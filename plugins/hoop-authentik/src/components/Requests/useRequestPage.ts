import { useApi } from '@backstage/frontend-plugin-api';
import {
  REQUESTS_SIGNAL_CHANNEL,
  type AccessRequest,
  type RequestQuery,
} from 'backstage-plugin-hoop-authentik-common';
import { useCallback, useEffect, useState } from 'react';
import { hoopAuthentikApiRef } from '../../api';
import { useRequest, useSignalCount } from '../../hooks';

/** Calls back whenever some request has changed. @internal */
export function useOnRequestSignal(reload: () => void): void {
  const signals = useSignalCount(REQUESTS_SIGNAL_CHANNEL);
  useEffect(() => {
    if (signals > 0) {
      reload();
    }
  }, [signals, reload]);
}

const PAGE = 25;

/** Requests of a view, page by page, anew on a signal. @internal */
export function useRequestPage(query: RequestQuery) {
  const api = useApi(hoopAuthentikApiRef);
  const [reached, setReached] = useState<{
    query: RequestQuery;
    cursor: string;
  }>();
  const [items, setItems] = useState<AccessRequest[]>();
  const cursor = reached?.query === query ? reached.cursor : undefined;

  const page = useRequest(
    useCallback(
      async options => ({
        cursor,
        ...(await api.listRequests({ ...query, cursor, limit: PAGE }, options)),
      }),
      [api, query, cursor],
    ),
  );
  const { value, retry } = page;
  useEffect(() => {
    if (value) {
      setItems((before = []) =>
        value.cursor ? [...before, ...value.items] : value.items,
      );
    }
  }, [value]);

  const reload = useCallback(() => {
    setReached(undefined);
    retry();
  }, [retry]);
  useOnRequestSignal(reload);

  const nextCursor = value?.nextCursor;
  return {
    items,
    error: page.error,
    loading: page.loading,
    reload,
    more: nextCursor
      ? () => setReached({ query, cursor: nextCursor })
      : undefined,
  };
}
