import type { Knex } from 'knex';
import type { IntegrationSource } from './IntegrationStore';
import { sourceColumns, UNOBSERVED, type IntegrationRow } from './rows';

/** Databases limit the parameters of one statement. */
const IDS_AT_ONCE = 500;
const ROWS_AT_ONCE = 20;

type SourceColumns = ReturnType<typeof sourceColumns>;
type KnownRow = Pick<IntegrationRow, 'id' | keyof SourceColumns>;

const COLUMN_NAMES = Object.keys(
  sourceColumns({ id: '', gateway: { name: '', title: '' } }),
) as Array<keyof SourceColumns>;

/**
 * Makes the given integrations all there are. One that went while another one of the same gateway and application came has
 * been renamed: what is remembered of it stays.
 *
 * @internal
 */
export async function syncSources(
  trx: Knex.Transaction,
  sources: readonly IntegrationSource[],
): Promise<void> {
  const rows: KnownRow[] = await trx('integrations').select(
    'id',
    ...COLUMN_NAMES,
  );
  const known = new Map(rows.map(row => [row.id, row]));
  const wanted = new Map(
    sources.map(source => [source.id, sourceColumns(source)]),
  );
  const gone = rows.filter(({ id }) => !wanted.has(id));
  const added = [...wanted].filter(([id]) => !known.has(id));

  const renamed = renamings(gone, added);
  for (const [from, to] of renamed) {
    await rename(trx, from, to);
    known.set(to, { ...known.get(from)!, id: to });
  }
  await removeRows(
    trx,
    gone.map(({ id }) => id).filter(id => !renamed.has(id)),
  );
  const fresh = added.filter(([id]) => !known.has(id));
  for (let at = 0; at < fresh.length; at += ROWS_AT_ONCE) {
    await insertRows(trx, fresh.slice(at, at + ROWS_AT_ONCE));
  }
  for (const [id, columns] of wanted) {
    const row = known.get(id);
    if (row) {
      await update(trx, row, columns);
    }
  }
}

/** From the old id to the new one, where it is certain which became which. */
function renamings(
  gone: KnownRow[],
  added: Array<[string, SourceColumns]>,
): Map<string, string> {
  const keyOf = ({ gateway, application }: SourceColumns) =>
    JSON.stringify([gateway, application]);
  const goneBy = groupBy(gone, keyOf);
  const addedBy = groupBy(added, ([, columns]) => keyOf(columns));
  const found = new Map<string, string>();
  for (const [key, [row, ...others]] of goneBy) {
    const [next, ...more] = addedBy.get(key) ?? [];
    if (next && others.length === 0 && more.length === 0) {
      found.set(row.id, next[0]);
    }
  }
  return found;
}

function groupBy<T>(items: T[], keyOf: (item: T) => string) {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    groups.set(key, [...(groups.get(key) ?? []), item]);
  }
  return groups;
}

async function rename(trx: Knex.Transaction, from: string, to: string) {
  await trx('integrations').where({ id: from }).update({ id: to });
  await trx('integration_reports').where({ id: from }).update({ id: to });
  await trx('history')
    .where({ integration_id: from })
    .update({ integration_id: to });
}

async function removeRows(trx: Knex.Transaction, ids: string[]) {
  for (let at = 0; at < ids.length; at += IDS_AT_ONCE) {
    const some = ids.slice(at, at + IDS_AT_ONCE);
    await trx('integrations').whereIn('id', some).delete();
    await trx('integration_reports').whereIn('id', some).delete();
    await trx('history').whereIn('integration_id', some).delete();
  }
}

/** What was observed is of no use where it is of another gateway or application. */
async function update(
  trx: Knex.Transaction,
  row: KnownRow,
  columns: SourceColumns,
) {
  if (COLUMN_NAMES.every(name => row[name] === columns[name])) {
    return;
  }
  const isSame = (['gateway', 'authentik', 'application'] as const).every(
    name => row[name] === columns[name],
  );
  await trx('integrations')
    .where({ id: row.id })
    .update({ ...columns, ...(isSame ? {} : UNOBSERVED) });
  if (!isSame) {
    await trx('integration_reports').where({ id: row.id }).delete();
  }
}

/** Adds or changes one. @internal */
export async function putSource(
  trx: Knex.Transaction,
  source: IntegrationSource,
): Promise<void> {
  const columns = sourceColumns(source);
  const row = await trx<IntegrationRow>('integrations')
    .where({ id: source.id })
    .forUpdate()
    .first();
  if (row) {
    await update(trx, row, columns);
    return;
  }
  await insertRows(trx, [[source.id, columns]]);
}

async function insertRows(
  trx: Knex.Transaction,
  rows: Array<[string, SourceColumns]>,
) {
  await trx('integrations')
    .insert(
      rows.map(([id, columns]) => ({
        id,
        ...columns,
        ...UNOBSERVED,
        refresh_requested_at: 0,
      })),
    )
    .onConflict('id')
    .ignore();
}
