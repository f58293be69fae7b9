import type { DatabaseService } from '@backstage/backend-plugin-api';
import { ServiceUnavailableError } from '@backstage/errors';
import {
  RUN_LEASE_MS,
  type CreatedObject,
  type RunHolder,
  type StoredSwitch,
} from 'backstage-plugin-hoop-authentik-node/alpha';
import type { Knex } from 'knex';
import { migratedDatabase } from '../database';
import type { RunIdentity, RunStore } from './RunStore';

interface LeaseRow {
  gateway: string;
  run_id: string;
  task_id: string;
  action: string;
  /** A string on PostgreSQL. */
  began_at: number | string;
}

type CreatedRow = Omit<CreatedObject, 'proof'> & {
  gateway: string;
  proof: string | null;
};

interface SwitchRow {
  gateway: string;
  since: string;
  previous_method: StoredSwitch['previousMethod'];
  written: string;
}

/** A lease is held for seconds, so it is not released many times in a row. */
const MOST_ATTEMPTS = 10;

/** More than any gateway needs: two objects for each application it ever had. */
const MOST_OBJECTS = 1_000;

/**
 * The store in the plugin's database. Times are those of the database, since the clocks of replicas differ.
 *
 * @internal
 */
export class DatabaseRunStore implements RunStore {
  readonly #db: Knex;

  /** Migrates the plugin's database first, unless app-config says to skip that. */
  static async create(database: DatabaseService): Promise<DatabaseRunStore> {
    return new DatabaseRunStore(await migratedDatabase(database));
  }

  private constructor(db: Knex) {
    this.#db = db;
  }

  async acquire(run: Parameters<RunStore['acquire']>[0]): Promise<RunHolder> {
    for (let attempt = 1; attempt <= MOST_ATTEMPTS; attempt++) {
      const holder = await this.#acquireOnce(run);
      if (holder) {
        return holder;
      }
    }
    throw new ServiceUnavailableError(
      `The lease of the gateway "${run.gateway}" was released each time it was requested. Run the task again.`,
    );
  }

  /** @returns `undefined` where the other run has released it in between */
  async #acquireOnce({
    gateway,
    runId,
    taskId,
    action,
  }: Parameters<RunStore['acquire']>[0]): Promise<RunHolder | undefined> {
    // One statement decides: of two that ask in the same moment, the second finds the row of the first.
    await this.#db('gateway_leases')
      .insert({
        gateway,
        run_id: runId,
        task_id: taskId,
        action,
        began_at: this.#now(),
        expires_at: this.#now(RUN_LEASE_MS),
      })
      .onConflict('gateway')
      .merge()
      .where('gateway_leases.expires_at', '<', this.#now());
    const row = await this.#db<LeaseRow>('gateway_leases')
      .where({ gateway })
      .first();
    return (
      row && {
        runId: row.run_id,
        taskId: row.task_id,
        action: row.action,
        since: new Date(Number(row.began_at)).toISOString(),
      }
    );
  }

  async renew({ gateway, runId }: RunIdentity): Promise<boolean> {
    const renewed = await this.#db('gateway_leases')
      .where({ gateway, run_id: runId })
      .update({ expires_at: this.#now(RUN_LEASE_MS) });
    return renewed > 0;
  }

  async release({ gateway, runId }: RunIdentity): Promise<void> {
    await this.#db('gateway_leases').where({ gateway, run_id: runId }).delete();
  }

  async listCreated(gateway: string): Promise<CreatedObject[]> {
    const rows = await this.#db<CreatedRow>('created_objects')
      .where({ gateway })
      .orderBy(['recorded_at', 'kind', 'name'])
      .limit(MOST_OBJECTS)
      .select('system', 'kind', 'name', 'proof');
    return rows.map(({ proof, ...object }) =>
      proof === null ? object : { ...object, proof },
    );
  }

  async addCreated(run: RunIdentity, object: CreatedObject): Promise<boolean> {
    return this.#whileHeld(run, async trx => {
      await trx('created_objects')
        .insert({
          gateway: run.gateway,
          ...object,
          proof: object.proof ?? null,
          run_id: run.runId,
          recorded_at: this.#now(),
        })
        .onConflict(['gateway', 'system', 'kind', 'name'])
        .merge(['proof', 'run_id']);
    });
  }

  async removeCreated(
    run: RunIdentity,
    { system, kind, name }: CreatedObject,
  ): Promise<boolean> {
    return this.#whileHeld(run, async trx => {
      await trx('created_objects')
        .where({ gateway: run.gateway, system, kind, name })
        .delete();
    });
  }

  async getSwitch(gateway: string): Promise<StoredSwitch | undefined> {
    const row = await this.#db<SwitchRow>('stored_switches')
      .where({ gateway })
      .first();
    return (
      row && {
        since: row.since,
        previousMethod: row.previous_method,
        written: row.written,
      }
    );
  }

  async setSwitch(
    run: RunIdentity,
    record: StoredSwitch | undefined,
  ): Promise<boolean> {
    const { gateway } = run;
    return this.#whileHeld(run, async trx => {
      await trx('stored_switches').where({ gateway }).delete();
      if (record) {
        await trx<SwitchRow>('stored_switches').insert({
          gateway,
          since: record.since,
          previous_method: record.previousMethod,
          written: record.written,
        });
      }
    });
  }

  /** The row of the lease stays locked until the change is made, so that no other run can take it in between. */
  async #whileHeld(
    { gateway, runId }: RunIdentity,
    change: (trx: Knex.Transaction) => Promise<void>,
  ): Promise<boolean> {
    return this.#db.transaction(async trx => {
      const held = await trx('gateway_leases')
        .where({ gateway, run_id: runId })
        .update({ expires_at: this.#now(RUN_LEASE_MS) });
      if (held > 0) {
        await change(trx);
      }
      return held > 0;
    });
  }

  /** The database's clock in milliseconds since 1970, plus some. */
  #now(plusMs = 0): Knex.Raw {
    return this.#db.client.config.client.includes('pg')
      ? this.#db.raw(
          '(cast(extract(epoch from clock_timestamp()) * 1000 as bigint) + cast(? as bigint))',
          [plusMs],
        )
      : this.#db.raw(
          "(cast((julianday('now') - 2440587.5) * 86400000 as integer) + ?)",
          [plusMs],
        );
  }
}
