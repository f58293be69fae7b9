import { useApi } from '@backstage/frontend-plugin-api';
import {
  INTEGRATIONS_SIGNAL_CHANNEL,
  type IntegrationCounts,
  type IntegrationQuery,
  type IntegrationSummary,
} from 'backstage-plugin-hoop-authentik-common';
import { useCallback, useEffect, useState } from 'react';
import { hoopAuthentikApiRef, type HoopAuthentikApi } from '../../api';
import { useRequest, useSignalCount } from '../../hooks';

/** What the list is narrowed to and sorted by. @internal */
export type ListView = Pick<
  IntegrationQuery,
  'state' | 'warnings' | 'owner' | 'authentik' | 'text' | 'sort' | 'order'
>;

const PAGE = 50;
const LARGEST_PAGE = 200;

/** Rows and counts of a view, page by page. @internal */
export function useGatewayList(view: ListView) {
  const api = useApi(hoopAuthentikApiRef);
  const [reached, setReached] = useState<{ view: ListView; cursor: string }>();
  const [rows, setRows] = useState<IntegrationSummary[]>();
  const [counts, setCounts] = useState<IntegrationCounts>();
  // A cursor continues the view that it comes from, and no other.
  const cursor = reached?.view === view ? reached.cursor : undefined;

  const page = useRequest(
    useCallback(
      async options => ({
        cursor,
        ...(await api.listIntegrations(
          { ...view, cursor, limit: PAGE, counts: cursor ? undefined : true },
          options,
        )),
      }),
      [api, view, cursor],
    ),
  );
  const { value, retry } = page;
  useEffect(() => {
    if (value) {
      setRows((before = []) =>
        value.cursor ? [...before, ...value.items] : value.items,
      );
      setCounts(before => value.counts ?? before);
    }
  }, [value]);

  const signals = useSignalCount(INTEGRATIONS_SIGNAL_CHANNEL);
  useEffect(() => {
    if (signals > 0) {
      setReached(undefined);
      retry();
    }
  }, [signals, retry]);

  const nextCursor = value?.nextCursor;
  return {
    rows,
    counts,
    error: page.error,
    loading: page.loading,
    retry,
    more: nextCursor
      ? () => setReached({ view, cursor: nextCursor })
      : undefined,
  };
}

/** Every row of a view, however many pages they are. @internal */
export async function allRows(
  api: HoopAuthentikApi,
  view: ListView,
): Promise<IntegrationSummary[]> {
  const rows: IntegrationSummary[] = [];
  let cursor: string | undefined;
  do {
    const page = await api.listIntegrations({
      ...view,
      cursor,
      limit: LARGEST_PAGE,
    });
    rows.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor);
  return rows;
}
