import { setTimeout as sleep } from 'node:timers/promises';
import {
  CHECK_IDS,
  INTEGRATION_SORT_FIELDS,
  integrationQuerySchema,
  integrationStateSchema,
} from 'backstage-plugin-hoop-authentik-common';
import type { Knex } from 'knex';
import { reportNamed, sourceNamed } from '../src/__testUtils__/integrations';
import { answerOf } from '../src/services/answers';
import { DatabaseIntegrationStore } from '../src/store';
import { reportColumns } from '../src/store/rows';

/** One row of the table. */
export interface Figure {
  name: string;
  ms: number;
  limitMs?: number;
}

const READS_PER_SECOND = 200;
const RECORDS = 100;
const ROWS_AT_ONCE = 100;

/** Fills the store, then measures what pages and cards ask of it. */
export async function benchStore(
  database: string,
  db: Knex,
  sizes: { size: number; reads: number; pages: number },
): Promise<Figure[]> {
  const { size, reads, pages } = sizes;
  const store = await DatabaseIntegrationStore.create(
    { getClient: async () => db },
    { staleAfterMs: 3_600_000 },
  );
  const names = Array.from({ length: size }, (_, index) => `gateway-${index}`);
  await store.sync(
    names.map((name, index) =>
      sourceNamed(name, { owner: `group:default/team-${index % 50}` }),
    ),
  );
  await fill(db, names);
  const recordTimes: number[] = [];
  for (const [index, name] of names.slice(0, RECORDS).entries()) {
    const report = reportOf(name, index);
    recordTimes.push(
      await timed(() => store.record(`resource:default/${name}`, report)),
    );
  }
  const readTimes = await readByEntity(store, names, reads);
  const pageTimes = await readPages(store, pages);
  return [
    {
      name: `${database}: one observation remembered, median`,
      ms: quantile(recordTimes, 0.5),
    },
    {
      name: `${database}: by entity at ${READS_PER_SECOND}/s, median`,
      ms: quantile(readTimes, 0.5),
    },
    {
      name: `${database}: by entity at ${READS_PER_SECOND}/s, p99`,
      ms: quantile(readTimes, 0.99),
      limitMs: 10,
    },
    {
      name: `${database}: filtered and sorted page, median`,
      ms: quantile(pageTimes, 0.5),
    },
    {
      name: `${database}: filtered and sorted page, p99`,
      ms: quantile(pageTimes, 0.99),
      limitMs: 50,
    },
  ];
}

/** As the store does one by one, which would take the longest part of the bench. */
async function fill(db: Knex, names: string[]): Promise<void> {
  for (let at = 0; at < names.length; at += ROWS_AT_ONCE) {
    const rows = names.slice(at, at + ROWS_AT_ONCE).map((name, index) => ({
      id: `resource:default/${name}`,
      report: reportOf(name, at + index),
    }));
    await db('integration_reports').insert(
      rows.map(({ id, report }) => ({
        id,
        report: JSON.stringify(report),
        last_good: '',
      })),
    );
    for (const { id, report } of rows) {
      await db('integrations').where({ id }).update(reportColumns(report));
    }
  }
}

/** As large as a real one: every check with its texts. */
function reportOf(name: string, index: number) {
  const states = integrationStateSchema.options;
  return reportNamed(name, {
    state: states[index % states.length],
    checks: CHECK_IDS.map(id => ({
      id,
      system: 'authentik',
      title: `Title of ${id}`,
      status: 'pass',
      expected: 'what the guide requires of it, in one line of text',
      actual: `what was found of ${name}, in one line of text`,
      params: { case: 'good', day: '2027-05-01' },
    })),
  });
}

async function readByEntity(
  store: DatabaseIntegrationStore,
  names: string[],
  reads: number,
): Promise<number[]> {
  const times: number[] = [];
  const running: Promise<void>[] = [];
  for (let read = 0; read < reads; read++) {
    const name = names[(read * 7_919) % names.length];
    running.push(
      timed(async () => {
        const remembered = await store.get(`resource:default/${name}`);
        JSON.stringify(
          answerOf(remembered, remembered!.report!, { isManager: true }),
        );
      }).then(ms => {
        times.push(ms);
      }),
    );
    await sleep(1_000 / READS_PER_SECOND);
  }
  await Promise.all(running);
  return times;
}

async function readPages(
  store: DatabaseIntegrationStore,
  pages: number,
): Promise<number[]> {
  const times: number[] = [];
  const list = async (query: object) => {
    const began = performance.now();
    const { rows } = await store.list(integrationQuerySchema.parse(query));
    times.push(performance.now() - began);
    return rows.at(-1)?.cursor;
  };
  for (let page = 0; page < pages; page++) {
    const sort = INTEGRATION_SORT_FIELDS[page % INTEGRATION_SORT_FIELDS.length];
    const query = { sort, state: ['drifted', 'connected'], text: 'gateway-' };
    await list({ ...query, cursor: await list(query) });
  }
  return times;
}

async function timed(act: () => Promise<void>): Promise<number> {
  const began = performance.now();
  await act();
  return performance.now() - began;
}

/** @internal */
export function quantile(times: number[], part: number): number {
  const sorted = [...times].sort((a, b) => a - b);
  return rounded(sorted[Math.floor((sorted.length - 1) * part)]);
}

function rounded(ms: number): number {
  return Math.round(ms * 10) / 10;
}
