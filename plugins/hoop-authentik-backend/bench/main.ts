import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, cpus, loadavg, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import makeKnex, { type Knex } from 'knex';
import { benchRequests } from './requests';
import { benchStore, type Figure } from './store';

const DOCUMENT = resolve(__dirname, '../../../docs/benchmarks.md');

/** The store with many integrations and requests, on both databases. Prints a table; `--write` puts it into docs/benchmarks.md. */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      short: { type: 'boolean', default: false },
      write: { type: 'boolean', default: false },
    },
  });
  // A short run shows that it works; on a machine that does other things meanwhile, its last percent shows those.
  const tolerance = values.short ? 20 : 1;
  const size = values.short ? 1_000 : 10_000;
  const figures: Figure[] = [];
  const folder = await mkdtemp(join(tmpdir(), 'bench-'));
  try {
    const databases: Array<[string, Knex.Config]> = [
      [
        'SQLite',
        {
          client: 'better-sqlite3',
          connection: { filename: join(folder, 'bench.sqlite') },
          useNullAsDefault: true,
          pool: {
            min: 1,
            max: 1,
            // Else filling it waits for the disk with each update.
            afterCreate(
              connection: { pragma(text: string): void },
              done: () => void,
            ) {
              connection.pragma('journal_mode = WAL');
              done();
            },
          },
        },
      ],
    ];
    if (process.env.DATABASE_URL) {
      databases.push([
        'PostgreSQL',
        { client: 'pg', connection: process.env.DATABASE_URL },
      ]);
    }
    for (const [name, config] of databases) {
      const db = makeKnex(config);
      try {
        figures.push(
          ...(await benchStore(name, db, {
            size,
            reads: values.short ? 200 : 2_000,
            pages: values.short ? 50 : 300,
          })),
          ...(await benchRequests(name, db, {
            size,
            pages: values.short ? 50 : 300,
          })),
        );
      } finally {
        await db.destroy();
      }
    }
  } finally {
    await rm(folder, { recursive: true });
  }
  const table = tableOf(figures);
  process.stdout.write(`${table}\n`);
  if (values.write) {
    await writeFile(DOCUMENT, pageOf(table, size));
  }
  for (const { name, ms, limitMs } of figures) {
    if (limitMs !== undefined && ms > limitMs * tolerance) {
      process.stderr.write(`${name}: ${ms} ms, at most ${limitMs} allowed\n`);
      process.exitCode = 1;
    }
  }
}

function tableOf(figures: Figure[]): string {
  return [
    '| measure | ms | limit |',
    '| --- | ---: | ---: |',
    ...figures.map(
      ({ name, ms, limitMs = '' }) => `| ${name} | ${ms} | ${limitMs} |`,
    ),
  ].join('\n');
}

function pageOf(table: string, size: number): string {
  const [{ model }] = cpus();
  return `# Benchmarks

\`npm run bench:backend -- --write\` measures the backend's store with ${size.toLocaleString(
    'en',
  )} integrations and as many requests, and writes this page.
Measured on ${new Date().toISOString().slice(0, 10)}, Node ${
    process.version
  }, ${availableParallelism()} CPUs (${model.trim()}).

${table}

The last percent also shows what else the machine does meanwhile: ${loadavg()[0].toFixed(
    1,
  )} processes waited for its CPUs on average.
A read by entity goes through the store and is made into the answer's JSON, 200 times a second. A page is filtered by state and text, sorted, 50 rows
long, and starts anywhere in the list.
`;
}

main().catch(error => {
  process.stderr.write(
    `The bench did not run: ${error instanceof Error ? error.stack : error}\n`,
  );
  process.exitCode = 1;
});
