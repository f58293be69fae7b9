import { InputError } from '@backstage/errors';
import type { IntegrationSortField } from 'backstage-plugin-hoop-authentik-common';
import type { Knex } from 'knex';
import { z } from 'zod';
import type { ListQuery } from './IntegrationStore';
import type { IntegrationRow } from './rows';

/** None of them is ever null, so that a page can go on where another one ended. */
const COLUMNS: Record<IntegrationSortField, keyof IntegrationRow> = {
  gateway: 'gateway',
  entity: 'entity_ref',
  owner: 'owner',
  state: 'state_rank',
  since: 'since',
  warnings: 'warnings',
  keyExpiry: 'key_expiry',
  checkedAt: 'checked_at',
};

const COUNTED = [
  'entity_ref',
  'owner',
  'gateway',
  'authentik',
  'state',
  'warnings',
] as const;

type CountedRow = Pick<IntegrationRow, (typeof COUNTED)[number]>;

const cursorSchema = z.object({
  sort: z.string(),
  order: z.string(),
  value: z.union([z.string(), z.number()]),
  id: z.string(),
});

/** The rows of a page, one more than its limit where there is another page. @internal */
export function pageQuery(
  db: Knex,
  query: ListQuery,
): Knex.QueryBuilder<IntegrationRow, IntegrationRow[]> {
  const column = COLUMNS[query.sort];
  const rows = filtered(db<IntegrationRow>('integrations'), query)
    .orderBy([
      { column, order: query.order },
      { column: 'id', order: query.order },
    ])
    .limit(query.limit + 1);
  if (query.cursor !== undefined) {
    const { value, id } = parseCursor(query.cursor, query);
    const beyond = query.order === 'asc' ? '>' : '<';
    rows.andWhere(after =>
      after
        .where(column, beyond, value)
        .orWhere(same => same.where(column, value).andWhere('id', beyond, id)),
    );
  }
  return rows as Knex.QueryBuilder<IntegrationRow, IntegrationRow[]>;
}

/** Rows to count, of which the filters for what can be chosen from are left out. @internal */
export function countedQuery(
  db: Knex,
  { gateway, text }: ListQuery,
  limit: number,
): Knex.QueryBuilder<IntegrationRow, CountedRow[]> {
  return filtered(db<IntegrationRow>('integrations'), { gateway, text })
    .orderBy('id')
    .limit(limit)
    .select(COUNTED) as Knex.QueryBuilder<IntegrationRow, CountedRow[]>;
}

/** Where the list goes on after a row. @internal */
export function cursorAfter(row: IntegrationRow, query: ListQuery): string {
  const { sort, order } = query;
  return Buffer.from(
    JSON.stringify({ sort, order, value: row[COLUMNS[sort]], id: row.id }),
  ).toString('base64url');
}

function filtered(
  rows: Knex.QueryBuilder<IntegrationRow>,
  filters: Partial<ListQuery>,
) {
  const { state, warnings, gateway, owner, authentik, text } = filters;
  if (state) {
    rows.whereIn(
      'state',
      state.map(one => (one === 'unobserved' ? '' : one)),
    );
  }
  if (warnings !== undefined) {
    rows.where('warnings', warnings ? '>' : '=', 0);
  }
  if (gateway) {
    rows.whereIn('gateway', gateway);
  }
  if (owner) {
    rows.whereIn(
      'owner',
      owner.map(ref => ref.toLowerCase()),
    );
  }
  if (authentik) {
    rows.whereIn('authentik', authentik);
  }
  if (text) {
    containing(rows, 'search', text);
  }
  return rows;
}

/** Those whose column, which is in lower case, contains the text. @internal */
export function containing(
  rows: Knex.QueryBuilder,
  column: string,
  text: string,
): void {
  const pattern = text.toLowerCase().replace(/[\\%_]/g, '\\$&');
  rows.whereRaw("?? like ? escape '\\'", [column, `%${pattern}%`]);
}

function parseCursor(cursor: string, { sort, order }: ListQuery) {
  try {
    const parsed = cursorSchema.parse(
      JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')),
    );
    if (parsed.sort === sort && parsed.order === order) {
      return parsed;
    }
  } catch {
    // As for one of another list.
  }
  throw new InputError(
    'Expected a cursor that the same list returned; start again without one',
  );
}
