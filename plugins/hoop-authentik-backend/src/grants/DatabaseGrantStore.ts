import type { DatabaseService } from '@backstage/backend-plugin-api';
import type { AccessGrant } from 'backstage-plugin-hoop-authentik-node/alpha';
import type { Knex } from 'knex';
import { migratedDatabase } from '../database';
import { isoOf, type BigNumber } from '../store/rows';
import type { GrantEnd, GrantStore, StoredGrant } from './GrantStore';

interface GrantRow {
  id: string;
  request_id: string;
  gateway: string;
  system: string;
  application: string;
  target: string;
  binding: string;
  mark: number;
  subject_kind: 'group' | 'user';
  subject_key: string;
  subject_name: string;
  until: BigNumber;
  created_at: BigNumber;
  warned_at: BigNumber;
  ended_at: BigNumber;
  ended: GrantEnd | '';
}

/** Of one gateway. */
const MOST_GRANTS = 5_000;

/** What ends in one go; what is left is due in the next one. */
const MOST_DUE = 2_000;

/**
 * The store in the plugin's database.
 *
 * @internal
 */
export class DatabaseGrantStore implements GrantStore {
  readonly #db: Knex;

  static async create(database: DatabaseService): Promise<DatabaseGrantStore> {
    return new DatabaseGrantStore(await migratedDatabase(database));
  }

  private constructor(db: Knex) {
    this.#db = db;
  }

  async put(gateway: string, grant: AccessGrant): Promise<void> {
    const changing = {
      request_id: grant.request,
      binding: grant.binding,
      until: grant.until ? Date.parse(grant.until) : 0,
      // Those who were notified of another end hear of this one.
      warned_at: 0,
    };
    await this.#db.transaction(async trx => {
      // A request that is carried out again gives one grant: what it gave before has ended.
      await trx('access_grants')
        .where({ request_id: grant.request })
        .where('ended_at', '>', 0)
        .whereNot({ id: grant.id })
        .delete();
      await trx('access_grants')
        .insert({
          ...changing,
          id: grant.id,
          gateway,
          system: grant.system,
          application: grant.application,
          target: grant.target,
          mark: grant.mark,
          subject_kind: grant.subject.kind,
          subject_key: grant.subject.key,
          subject_name: grant.subject.name,
          created_at: Date.now(),
          ended_at: 0,
          ended: '',
        })
        .onConflict('id')
        .merge(changing)
        .where('access_grants.gateway', gateway)
        .where('access_grants.ended_at', 0);
    });
  }

  async active(gateway: string): Promise<StoredGrant[]> {
    const rows = await this.#db<GrantRow>('access_grants')
      .where({ gateway, ended_at: 0 })
      .orderBy('created_at')
      .limit(MOST_GRANTS);
    return rows.map(grantOf);
  }

  async ofRequest(requestId: string): Promise<StoredGrant | undefined> {
    const row = await this.#db<GrantRow>('access_grants')
      .where({ request_id: requestId })
      .first();
    return row && grantOf(row);
  }

  async due(gateways: readonly string[]): Promise<StoredGrant[]> {
    const rows = await this.#db<GrantRow>('access_grants')
      .where({ ended_at: 0 })
      .whereIn('gateway', gateways)
      .where('until', '>', 0)
      .where('until', '<=', Date.now())
      .orderBy('until')
      .limit(MOST_DUE);
    return rows.map(grantOf);
  }

  async end(id: string, how: GrantEnd): Promise<boolean> {
    const now = Date.now();
    return this.#change(id, { ended_at: now, ended: how }, 'ended');
  }

  async warn(beforeMs: number): Promise<number> {
    const now = Date.now();
    const ids: string[] = await this.#db('access_grants')
      .where({ ended_at: 0, warned_at: 0 })
      .where('until', '>', now)
      .where('until', '<=', now + beforeMs)
      // One that is shorter was decided for that short a time.
      .whereRaw('until - created_at > ?', [beforeMs])
      .limit(MOST_DUE)
      .pluck('id');
    let warned = 0;
    for (const id of ids) {
      if (await this.#change(id, { warned_at: now }, 'ending')) {
        warned++;
      }
    }
    return warned;
  }

  /** One conditional UPDATE, with the news of it in the same transaction. */
  async #change(
    id: string,
    columns: Partial<GrantRow>,
    news: 'ending' | 'ended',
  ): Promise<boolean> {
    return this.#db.transaction(async trx => {
      const changed = await trx('access_grants')
        .where({ id, ended_at: 0 })
        .modify(rows => {
          if (columns.warned_at) {
            rows.where({ warned_at: 0 });
          }
        })
        .update(columns);
      if (changed > 0) {
        // A manager may give one without a request; then there is no requester to notify.
        const [row] = await trx('requests')
          .join('access_grants', 'access_grants.request_id', 'requests.id')
          .where('access_grants.id', id)
          .pluck('requests.id');
        if (row) {
          await trx('request_news').insert({
            request_id: row,
            kind: news,
            at: Date.now(),
            claimed_at: 0,
          });
        }
      }
      return changed > 0;
    });
  }
}

function grantOf(row: GrantRow): StoredGrant {
  return {
    id: row.id,
    request: row.request_id,
    gateway: row.gateway,
    system: row.system,
    application: row.application,
    target: row.target,
    binding: row.binding,
    mark: row.mark,
    subject: {
      kind: row.subject_kind,
      key: row.subject_key,
      name: row.subject_name,
    },
    until: isoOf(row.until),
  };
}
