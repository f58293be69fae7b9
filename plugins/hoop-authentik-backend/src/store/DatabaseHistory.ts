import { InputError } from '@backstage/errors';
import type {
  HistoryPage,
  Integration,
  IntegrationState,
} from 'backstage-plugin-hoop-authentik-common';
import type { Knex } from 'knex';
import type { IntegrationStore, StateChange } from './IntegrationStore';
import { changeOf, entryOf, type HistoryRow } from './historyRows';
import type { IntegrationRow } from './rows';

/** Entries of one integration, and of one gateway, that are kept. */
const MOST_ENTRIES = 200;

/** Problems that an entry names. */
const MOST_PROBLEMS = 10;

/** Longer than spreading the news takes. */
const CLAIM_MS = 60_000;

/** News that are spread in one go. */
const MOST_NEWS = 500;

const EMPTY = {
  integration_id: '',
  run_id: '',
  ended_at: 0,
  announcement: '',
  claimed_at: 0,
};

/** The table `history`. @internal */
export class DatabaseHistory {
  readonly #db: Knex;

  constructor(db: Knex) {
    this.#db = db;
  }

  /** Adds a change of state within the transaction that makes it. */
  async addChange(
    trx: Knex.Transaction,
    { id, gateway }: Pick<IntegrationRow, 'id' | 'gateway'>,
    change: {
      from: IntegrationState | undefined;
      report: Integration;
      announcement: 'left' | 'back' | undefined;
    },
  ): Promise<void> {
    const { from, report, announcement } = change;
    const problems = report.problems.slice(0, MOST_PROBLEMS).map(problem => ({
      id: problem.id,
      severity: problem.severity,
      title: problem.title,
    }));
    await trx('history').insert({
      ...EMPTY,
      kind: 'state',
      integration_id: id,
      gateway,
      at: Date.parse(report.observedAt),
      entry: JSON.stringify({ from, to: report.state, problems }),
      announcement: announcement ?? '',
      // The first observation is no change.
      published: from === undefined,
    });
    await deleteBeyondBound(trx, { integration_id: id });
  }

  async page(
    { id, gateway }: { id: string; gateway: string },
    { cursor, limit }: { cursor?: string; limit: number },
  ): Promise<HistoryPage> {
    if (cursor !== undefined && !/^\d{1,18}$/.test(cursor)) {
      throw new InputError(
        'Expected a cursor that the same list returned; start again without one',
      );
    }
    const rows = await this.#db<HistoryRow>('history')
      .where(of =>
        of
          .where({ integration_id: id })
          .orWhere({ integration_id: '', gateway, kind: 'run' }),
      )
      .modify(older => {
        if (cursor !== undefined) {
          older.andWhere('id', '<', cursor);
        }
      })
      .orderBy('id', 'desc')
      .limit(limit + 1);
    const items = rows.slice(0, limit).map(entryOf);
    return {
      items,
      ...(rows.length > limit ? { nextCursor: items.at(-1)?.id } : {}),
    };
  }

  async unpublished(): Promise<StateChange[]> {
    const rows = await this.#db('history')
      .join('integrations', 'integrations.id', 'history.integration_id')
      .where({ published: false })
      .andWhere('claimed_at', '<', Date.now() - CLAIM_MS)
      .orderBy('history.id')
      .limit(MOST_NEWS)
      .select('history.*', 'entity_ref', 'owner', 'gateway_title');
    return rows.map(changeOf);
  }

  async claim(id: string): Promise<boolean> {
    const now = Date.now();
    const claimed = await this.#db('history')
      .where({ id, published: false })
      .andWhere('claimed_at', '<', now - CLAIM_MS)
      .update({ claimed_at: now });
    return claimed > 0;
  }

  async published(id: string): Promise<void> {
    await this.#db('history').where({ id }).update({ published: true });
  }

  async beginRun(
    run: Parameters<IntegrationStore['beginRun']>[0],
  ): Promise<void> {
    const { runId, gateway, action, taskId, user } = run;
    await this.#db.transaction(async trx => {
      const known = await trx('history').where({ run_id: runId }).first('id');
      if (known) {
        return;
      }
      await trx('history').insert({
        ...EMPTY,
        kind: 'run',
        gateway,
        run_id: runId,
        at: Date.now(),
        entry: JSON.stringify({ action, taskId, user, outcome: 'running' }),
        published: true,
      });
      await deleteBeyondBound(trx, { integration_id: '', gateway });
    });
  }

  async endRun(
    runId: string,
    outcome: 'completed' | 'failed' | 'lost',
  ): Promise<string | undefined> {
    return this.#db.transaction(async trx => {
      const row = await trx<HistoryRow>('history')
        .where({ run_id: runId, ended_at: 0 })
        .forUpdate()
        .first();
      if (!row) {
        return undefined;
      }
      const entry = { ...JSON.parse(row.entry), outcome };
      await trx('history')
        .where({ id: row.id })
        .update({ ended_at: Date.now(), entry: JSON.stringify(entry) });
      return entry.action;
    });
  }

  /** Forgets old entries, and closes those of runs that no longer hold their gateway. */
  async prune(keepMs: number): Promise<void> {
    await this.#db('history')
      .where('at', '<', Date.now() - keepMs)
      .delete();
    const lost = await this.#db('history')
      .leftJoin('gateway_leases', 'gateway_leases.run_id', 'history.run_id')
      .where({ kind: 'run', ended_at: 0 })
      .andWhere(unheld =>
        unheld
          .whereNull('gateway_leases.run_id')
          .orWhere('expires_at', '<', Date.now() - CLAIM_MS),
      )
      .limit(MOST_NEWS)
      .pluck('history.run_id');
    for (const runId of lost) {
      await this.endRun(runId, 'lost');
    }
  }
}

async function deleteBeyondBound(
  trx: Knex.Transaction,
  of: { integration_id: string; gateway?: string },
): Promise<void> {
  const [first] = await trx('history')
    .where(of)
    .orderBy('id', 'desc')
    .offset(MOST_ENTRIES)
    .limit(1)
    .pluck('id');
  if (first !== undefined) {
    await trx('history').where(of).andWhere('id', '<=', first).delete();
  }
}
