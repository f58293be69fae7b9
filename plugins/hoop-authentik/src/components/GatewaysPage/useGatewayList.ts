import { useApi } from '@backstage/frontend-plugin-api';
import type {
  IntegrationQuery,
  IntegrationSummary,
} from 'backstage-plugin-hoop-authentik-common';
import { useCallback, useEffect, useState } from 'react';
import { hoopAuthentikApiRef, type HoopAuthentikApi } from '../../api';
import { useRequest } from '../../hooks';

/** What the list is narrowed to and sorted by. @internal */
export type ListView = Pick<
  IntegrationQuery,
  'state' | 'text' | 'sort' | 'order'
>;

const PAGE = 50;
const LARGEST_PAGE = 200;

/** The rows of a view, page by page. @internal */
export function useGatewayList(view: ListView) {
  const api = useApi(hoopAuthentikApiRef);
  const [cursor, setCursor] = useState<string>();
  const [rows, setRows] = useState<IntegrationSummary[]>();

  // Another view starts on its first page.
  useEffect(() => setCursor(undefined), [view]);

  const page = useRequest(
    useCallback(
      async options => ({
        view,
        cursor,
        ...(await api.listIntegrations(
          { ...view, cursor, limit: PAGE },
          options,
        )),
      }),
      [api, view, cursor],
    ),
  );
  const { value } = page;
  useEffect(() => {
    if (value) {
      setRows((before = []) =>
        value.cursor ? [...before, ...value.items] : value.items,
      );
    }
  }, [value]);

  const nextCursor = value?.nextCursor;
  return {
    rows,
    error: page.error,
    loading: page.loading,
    retry: page.retry,
    more: nextCursor ? () => setCursor(nextCursor) : undefined,
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
