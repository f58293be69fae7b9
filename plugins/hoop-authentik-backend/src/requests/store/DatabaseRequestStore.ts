import { randomUUID } from 'node:crypto';
import type { DatabaseService } from '@backstage/backend-plugin-api';
import { ConflictError } from '@backstage/errors';
import {
  OPEN_REQUEST_STATES,
  type RequestState,
} from 'backstage-plugin-hoop-authentik-common';
import type { Knex } from 'knex';
import { migratedDatabase } from '../../database';
import type { BigNumber } from '../../store/rows';
import { requestPageQuery, requestsWithGrants } from './requestListing';
import {
  requestColumns,
  requestOf,
  UNDECIDED,
  type RequestRow,
} from './requestRows';
import type {
  Approval,
  RequestListQuery,
  RequestNewsItem,
  RequestNewsKind,
  RequestReader,
  RequestStore,
  RequestToStore,
  StoredRequest,
} from './RequestStore';

/** Longer than spreading the news takes. */
const CLAIM_MS = 60_000;

/** Rows that are looked after in one go; what is left waits for the next one. */
const MOST_AT_ONCE = 500;

/** Longer than any message of ours. */
const LONGEST_FAILURE = 2_000;

/** A condition beside the states from which a request moves. */
type Where = (rows: Knex.QueryBuilder) => void;

/** The same may be asked for again. */
const CLOSED = { open_key: null } as const;

const unexpired: Where = rows => void rows.where('expires_at', '>', Date.now());

/**
 * The store in the plugin's database.
 *
 * @internal
 */
export class DatabaseRequestStore implements RequestStore {
  readonly #db: Knex;

  static async create(
    database: DatabaseService,
  ): Promise<DatabaseRequestStore> {
    return new DatabaseRequestStore(await migratedDatabase(database));
  }

  private constructor(db: Knex) {
    this.#db = db;
  }

  async create(
    request: RequestToStore,
    mostOpen: number,
  ): ReturnType<RequestStore['create']> {
    const columns = requestColumns(request);
    const id = randomUUID();
    const now = Date.now();
    const created = await this.#db.transaction(async trx => {
      const inserted = await trx('requests')
        .insert({
          ...UNDECIDED,
          ...columns,
          id,
          state: 'pending',
          created_at: now,
        })
        .onConflict('open_key')
        .ignore()
        .returning('id');
      if (inserted.length === 0) {
        return false;
      }
      await requireRoom(trx, request.requester, mostOpen);
      await putApprovers(trx, id, request.approvers);
      await putNews(trx, id, 'created');
      return true;
    });
    const row = await this.#db<RequestRow>('requests')
      .where(created ? { id } : { open_key: columns.open_key })
      .first('id');
    const stored = row && (await this.get(row.id));
    if (!stored) {
      throw new ConflictError(
        'The same request was decided in this moment. Send it again if it is still needed.',
      );
    }
    return { request: stored, created };
  }

  async get(id: string): Promise<StoredRequest | undefined> {
    const [found] = await this.#withApprovers(
      await requestsWithGrants(this.#db).where('requests.id', id).limit(1),
    );
    return found;
  }

  async list(
    query: RequestListQuery,
    reader: RequestReader,
  ): ReturnType<RequestStore['list']> {
    const rows = await requestPageQuery(this.#db, query, reader);
    const shown = rows.slice(0, query.limit);
    return {
      items: await this.#withApprovers(shown),
      ...(rows.length > query.limit
        ? { nextCursor: `${shown.at(-1)!.seq}` }
        : {}),
    };
  }

  async approve(id: string, approval: Approval): Promise<boolean> {
    return this.#move(id, ['pending'], approvalColumns(approval), {
      where: unexpired,
      news: 'approved',
    });
  }

  async decline(id: string, by: string, comment: string): Promise<boolean> {
    const now = Date.now();
    const columns = { state: 'declined', decided_by: by, comment } as const;
    return this.#move(
      id,
      ['pending'],
      { ...columns, ...CLOSED, decided_at: now, ended_at: now },
      { where: unexpired, news: 'declined' },
    );
  }

  async withdraw(id: string): Promise<boolean> {
    return this.#move(
      id,
      ['pending'],
      { state: 'withdrawn', ...CLOSED, ended_at: Date.now() },
      { news: 'withdrawn' },
    );
  }

  async retry(id: string, approval: Approval): Promise<boolean> {
    return this.#move(
      id,
      ['failed'],
      { ...approvalColumns(approval), ended_at: 0, failure: '', task_id: '' },
      { news: 'approved' },
    );
  }

  async started(id: string, attempt: string, taskId: string): Promise<boolean> {
    return this.#move(
      id,
      ['approved', 'running'],
      { task_id: taskId },
      { where: heldBy(attempt, taskId) },
    );
  }

  async claim(id: string, attempt: string, taskId: string): Promise<boolean> {
    return this.#move(
      id,
      ['approved', 'running'],
      { state: 'running', task_id: taskId },
      { where: heldBy(attempt, taskId) },
    );
  }

  async end(
    id: string,
    attempt: string,
    outcome: Parameters<RequestStore['end']>[2],
  ): Promise<boolean> {
    const failure = 'failure' in outcome ? outcome.failure : '';
    return this.#move(
      id,
      ['approved', 'running'],
      {
        state: outcome.state,
        ...CLOSED,
        ended_at: Date.now(),
        failure: failure.slice(0, LONGEST_FAILURE),
      },
      { where: rows => void rows.where({ attempt }), news: outcome.state },
    );
  }

  async underWay(): Promise<StoredRequest[]> {
    return this.#withApprovers(
      await requestsWithGrants(this.#db)
        .whereIn('requests.state', ['approved', 'running'])
        .orderBy('requests.attempted_at')
        .limit(MOST_AT_ONCE),
    );
  }

  async expire(): Promise<number> {
    const now = Date.now();
    return this.#moveEach(
      rows => void rows.where('expires_at', '<=', now),
      { state: 'expired', ...CLOSED, ended_at: now },
      'expired',
    );
  }

  async remind(afterMs: number): Promise<number> {
    const now = Date.now();
    return this.#moveEach(
      rows =>
        void rows
          .where('expires_at', '>', now)
          .where('created_at', '<=', now - afterMs)
          .where('reminded_at', '<=', now - afterMs),
      { reminded_at: now },
      'reminder',
    );
  }

  async setApprovers(id: string, approvers: readonly string[]): Promise<void> {
    await this.#db.transaction(async trx => {
      // Another process may change them too.
      await trx('requests').where({ id }).forUpdate().select('id');
      await trx('request_approvers').where({ request_id: id }).delete();
      await putApprovers(trx, id, approvers);
    });
  }

  async pending(most: number): Promise<StoredRequest[]> {
    return this.#withApprovers(
      await requestsWithGrants(this.#db)
        .where('requests.state', 'pending')
        .orderBy('requests.seq')
        .limit(most),
    );
  }

  async countStates(): Promise<Map<RequestState, number>> {
    const rows: Array<{ state: RequestState; count: BigNumber }> =
      await this.#db('requests')
        .groupBy('state')
        .select('state', this.#db.raw('count(*) as count'));
    return new Map(rows.map(({ state, count }) => [state, Number(count)]));
  }

  async prune(keepMs: number): Promise<void> {
    const ids: string[] = await this.#db('requests')
      .where('ended_at', '>', 0)
      .where('ended_at', '<', Date.now() - keepMs)
      .whereNotExists(
        this.#db('access_grants')
          .whereRaw('access_grants.request_id = requests.id')
          .where('access_grants.ended_at', 0)
          .select(this.#db.raw('1')),
      )
      .limit(MOST_AT_ONCE)
      .pluck('id');
    await this.#db.transaction(async trx => {
      await trx('requests').whereIn('id', ids).delete();
      for (const table of [
        'request_approvers',
        'request_news',
        'access_grants',
      ]) {
        await trx(table).whereIn('request_id', ids).delete();
      }
    });
    // Of no request: what a manager gave.
    const ended: string[] = await this.#db('access_grants')
      .where('ended_at', '>', 0)
      .where('ended_at', '<', Date.now() - keepMs)
      .whereNotExists(
        this.#db('requests')
          .whereRaw('requests.id = access_grants.request_id')
          .select(this.#db.raw('1')),
      )
      .limit(MOST_AT_ONCE)
      .pluck('id');
    await this.#db('access_grants').whereIn('id', ended).delete();
  }

  async addNews(requestId: string, kind: RequestNewsKind): Promise<void> {
    await putNews(this.#db, requestId, kind);
  }

  async news(): Promise<RequestNewsItem[]> {
    const rows = await this.#db('request_news')
      .where('claimed_at', '<', Date.now() - CLAIM_MS)
      .orderBy('id')
      .limit(MOST_AT_ONCE);
    const requests = await this.#withApprovers(
      await requestsWithGrants(this.#db).whereIn('requests.id', [
        ...new Set(rows.map(row => row.request_id)),
      ]),
    );
    const byId = new Map(requests.map(request => [request.id, request]));
    return rows.flatMap(row => {
      const request = byId.get(row.request_id);
      return request
        ? [{ id: `${row.id}`, kind: row.kind, at: Number(row.at), request }]
        : [];
    });
  }

  async claimNews(id: string): Promise<boolean> {
    const now = Date.now();
    const claimed = await this.#db('request_news')
      .where({ id })
      .andWhere('claimed_at', '<', now - CLAIM_MS)
      .update({ claimed_at: now });
    return claimed > 0;
  }

  async removeNews(id: string): Promise<void> {
    await this.#db('request_news').where({ id }).delete();
  }

  /** One conditional UPDATE, with the news of it in the same transaction. */
  async #move(
    id: string,
    from: readonly RequestState[],
    to: Partial<RequestRow>,
    options: { where?: Where; news?: RequestNewsKind },
  ): Promise<boolean> {
    return this.#db.transaction(async trx => {
      const rows = trx('requests').where({ id }).whereIn('state', from);
      options.where?.(rows);
      const moved = (await rows.update(to)) > 0;
      if (moved && options.news) {
        await putNews(trx, id, options.news);
      }
      return moved;
    });
  }

  async #moveEach(
    where: Where,
    to: Partial<RequestRow>,
    news: RequestNewsKind,
  ): Promise<number> {
    const due = this.#db('requests').where({ state: 'pending' });
    where(due);
    const ids: string[] = await due.limit(MOST_AT_ONCE).pluck('id');
    let moved = 0;
    for (const id of ids) {
      if (await this.#move(id, ['pending'], to, { where, news })) {
        moved++;
      }
    }
    return moved;
  }

  async #withApprovers(rows: RequestRow[]): Promise<StoredRequest[]> {
    const found: Array<{ request_id: string; approver: string }> =
      rows.length === 0
        ? []
        : await this.#db('request_approvers').whereIn(
            'request_id',
            rows.map(({ id }) => id),
          );
    const approvers = new Map<string, string[]>();
    for (const { request_id: id, approver } of found) {
      approvers.set(id, [...(approvers.get(id) ?? []), approver]);
    }
    return rows.map(row =>
      requestOf(row, (approvers.get(row.id) ?? []).sort()),
    );
  }
}

/** No other task has the approval. */
function heldBy(attempt: string, taskId: string): Where {
  return rows => void rows.where({ attempt }).whereIn('task_id', ['', taskId]);
}

function approvalColumns({ by, comment = '', planDigest, attempt }: Approval) {
  const now = Date.now();
  return {
    state: 'approved' as const,
    decided_by: by,
    decided_at: now,
    comment,
    plan_digest: planDigest,
    attempt,
    attempted_at: now,
  };
}

async function requireRoom(
  trx: Knex.Transaction,
  requester: string,
  mostOpen: number,
): Promise<void> {
  const open = () =>
    trx('requests').where({ requester }).whereIn('state', OPEN_REQUEST_STATES);
  // One at a time for each user: transactions do not see what others add meanwhile.
  await open().orderBy('seq').forUpdate().select('id');
  const [{ count }] = await open().select(trx.raw('count(*) as count'));
  if (Number(count) > mostOpen) {
    throw new ConflictError(
      `You have ${mostOpen} open requests, which is as many as a user may have. Withdraw one, or wait for a decision.`,
    );
  }
}

async function putApprovers(
  trx: Knex.Transaction,
  id: string,
  approvers: readonly string[],
): Promise<void> {
  const rows = [...new Set(approvers)].map(approver => ({
    request_id: id,
    approver,
  }));
  if (rows.length > 0) {
    await trx('request_approvers').insert(rows);
  }
}

async function putNews(
  db: Knex,
  requestId: string,
  kind: RequestNewsKind,
): Promise<void> {
  await db('request_news').insert({
    request_id: requestId,
    kind,
    at: Date.now(),
    claimed_at: 0,
  });
}
