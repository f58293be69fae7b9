import type { DatabaseService } from '@backstage/backend-plugin-api';
import type { HistoryPage } from 'backstage-plugin-hoop-authentik-common';
import type { Knex } from 'knex';
import { migratedDatabase } from '../database';
import type { WholeReport } from '../observation/report';
import { DatabaseHistory } from './DatabaseHistory';
import type {
  IntegrationSource,
  IntegrationStore,
  ListQuery,
  RememberedReport,
  RememberedSource,
  StateChange,
} from './IntegrationStore';
import { countedQuery, cursorAfter, pageQuery } from './listing';
import {
  reportColumns,
  sourceOf,
  summaryOf,
  type BigNumber,
  type IntegrationRow,
} from './rows';
import { putSource, syncSources } from './syncSources';
import { transition } from './transition';

/**
 * The store in the plugin's database.
 *
 * @internal
 */
export class DatabaseIntegrationStore implements IntegrationStore {
  readonly #db: Knex;
  readonly #history: DatabaseHistory;
  readonly #staleAfterMs: number;

  /** @param options - `staleAfterMs`: what was checked longer ago is stale */
  static async create(
    database: DatabaseService,
    options: { staleAfterMs: number },
  ): Promise<DatabaseIntegrationStore> {
    return new DatabaseIntegrationStore(
      await migratedDatabase(database),
      options.staleAfterMs,
    );
  }

  private constructor(db: Knex, staleAfterMs: number) {
    this.#db = db;
    this.#history = new DatabaseHistory(db);
    this.#staleAfterMs = staleAfterMs;
  }

  async sync(sources: readonly IntegrationSource[]): Promise<void> {
    await this.#db.transaction(trx => syncSources(trx, sources));
  }

  async put(source: IntegrationSource): Promise<void> {
    await this.#db.transaction(trx => putSource(trx, source));
  }

  async sources(gateway?: string): Promise<RememberedSource[]> {
    const rows = await this.#db<IntegrationRow>('integrations')
      .where({ source_error: '', ...(gateway ? { gateway } : {}) })
      .orderBy('id');
    return rows.map(sourceOf);
  }

  async get(id: string): Promise<RememberedReport | undefined> {
    const row = await this.#db('integrations')
      .leftJoin(
        'integration_reports',
        'integration_reports.id',
        'integrations.id',
      )
      .where({ 'integrations.id': id })
      .first('integrations.*', 'report', 'last_good');
    return (
      row && {
        summary: summaryOf(row, this.#staleBefore()),
        refreshRequestedAt: Number(row.refresh_requested_at),
        bound: Boolean(row.bound),
        report: row.report ? JSON.parse(row.report) : undefined,
        lastGood: row.last_good ? JSON.parse(row.last_good) : undefined,
      }
    );
  }

  async list(query: ListQuery): ReturnType<IntegrationStore['list']> {
    const rows = await pageQuery(this.#db, query);
    const staleBefore = this.#staleBefore();
    return {
      rows: rows.slice(0, query.limit).map(row => ({
        summary: summaryOf(row, staleBefore),
        cursor: cursorAfter(row, query),
      })),
      more: rows.length > query.limit,
    };
  }

  async counted(
    query: ListQuery,
    most: number,
  ): ReturnType<IntegrationStore['counted']> {
    const rows = await countedQuery(this.#db, query, most + 1);
    return {
      rows: rows.slice(0, most).map(row => ({
        entityRef: row.entity_ref || undefined,
        owner: row.owner || undefined,
        gateway: row.gateway,
        authentik: row.authentik || undefined,
        state: row.state || undefined,
        warnings: row.warnings,
      })),
      more: rows.length > most,
    };
  }

  async record(
    id: string,
    report: WholeReport,
    { onDemand = false }: { onDemand?: boolean } = {},
  ): Promise<void> {
    const columns = reportColumns(report);
    await this.#db.transaction(async trx => {
      // No other process can change the row until the transaction ends.
      const row = await trx<IntegrationRow>('integrations')
        .where({ id })
        .forUpdate()
        .first();
      if (!row || Number(row.checked_at) > columns.checked_at) {
        return;
      }
      const changed = row.state !== report.state;
      const { standing, announcement } = transition(row.standing, report.state);
      await trx('integrations')
        .where({ id })
        .update({
          ...columns,
          standing,
          ...(onDemand ? { refreshed_at: columns.checked_at } : {}),
          ...(changed ? { since: columns.checked_at } : {}),
        });
      const json = JSON.stringify(report);
      await trx('integration_reports')
        .insert({ id, report: json, last_good: '' })
        .onConflict('id')
        .merge({
          report: json,
          last_good: report.complete
            ? ''
            : trx.ref(
                `integration_reports.${row.complete ? 'report' : 'last_good'}`,
              ),
        });
      if (changed) {
        await this.#history.addChange(trx, row, {
          from: row.state || undefined,
          report,
          announcement,
        });
      }
    });
  }

  async recordFailure(id: string, reason: string): Promise<void> {
    await this.#db('integrations')
      .where({ id })
      .update({ failure: reason, checked_at: Date.now() });
  }

  async requestRefresh(id: string): Promise<void> {
    await this.#db('integrations')
      .where({ id })
      .update({ refresh_requested_at: Date.now() });
  }

  async history(
    of: { id: string; gateway: string },
    page: { cursor?: string; limit: number },
  ): Promise<HistoryPage> {
    return this.#history.page(of, page);
  }

  async unpublished(): Promise<StateChange[]> {
    return this.#history.unpublished();
  }

  async claim(historyId: string): Promise<boolean> {
    return this.#history.claim(historyId);
  }

  async published(historyId: string): Promise<void> {
    return this.#history.published(historyId);
  }

  async beginRun(
    run: Parameters<IntegrationStore['beginRun']>[0],
  ): Promise<void> {
    return this.#history.beginRun(run);
  }

  async endRun(
    runId: string,
    outcome: 'completed' | 'failed',
  ): Promise<string | undefined> {
    return this.#history.endRun(runId, outcome);
  }

  async countStates(): Promise<Map<string, number>> {
    const rows: Array<{ state: string; count: BigNumber }> = await this.#db(
      'integrations',
    )
      .groupBy('state')
      .select('state', this.#db.raw('count(*) as count'));
    return new Map(
      rows.map(({ state, count }) => [state || 'unobserved', Number(count)]),
    );
  }

  async prune(keepMs: number): Promise<void> {
    return this.#history.prune(keepMs);
  }

  #staleBefore(): number {
    return Date.now() - this.#staleAfterMs;
  }
}
