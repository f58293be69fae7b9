import {
  historyEntrySchema,
  type HistoryEntry,
} from 'backstage-plugin-hoop-authentik-common';
import type { StateChange } from './IntegrationStore';
import { isoOf, type BigNumber, type IntegrationRow } from './rows';

/** A row of `history`. @internal */
export interface HistoryRow {
  id: BigNumber;
  kind: HistoryEntry['kind'];
  integration_id: string;
  gateway: string;
  at: BigNumber;
  /** Of a run: when it ended, 0 until then. */
  ended_at: BigNumber;
  entry: string;
  run_id: string;
  announcement: 'left' | 'back' | '';
  published: boolean | number;
  claimed_at: BigNumber;
}

/** What `history` shows of a row; pure. @internal */
export function entryOf(row: HistoryRow): HistoryEntry {
  return historyEntrySchema.parse({
    ...JSON.parse(row.entry),
    kind: row.kind,
    id: `${row.id}`,
    at: isoOf(row.at),
    ...(row.kind === 'run' ? { endedAt: isoOf(row.ended_at) } : {}),
  });
}

/** The news of a row; pure. @internal */
export function changeOf(
  row: HistoryRow &
    Pick<IntegrationRow, 'entity_ref' | 'owner' | 'gateway_title'>,
): StateChange {
  const { from, to, problems } = JSON.parse(row.entry);
  return {
    historyId: `${row.id}`,
    integrationId: row.integration_id,
    entityRef: row.entity_ref || undefined,
    owner: row.owner || undefined,
    gateway: { name: row.gateway, title: row.gateway_title },
    from,
    to,
    at: new Date(Number(row.at)).toISOString(),
    problems,
    announcement: row.announcement || undefined,
  };
}
