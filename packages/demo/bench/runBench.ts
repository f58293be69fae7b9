import { isExceeded, toJson, toTable, type Measure } from './measures';

/** Prints the measures; one that exceeds its limit is told, and makes the bench fail. */
export function report(measures: Measure[], json: boolean): void {
  process.stdout.write(`${json ? toJson(measures) : toTable(measures)}\n`);
  for (const { name, value, limit } of measures.filter(isExceeded)) {
    process.stderr.write(`${name}: ${value}, at most ${limit} allowed\n`);
    process.exitCode = 1;
  }
}

/** Runs a bench to its end; one that could not run fails with its reason. */
export function runBench(main: () => Promise<void>): void {
  main()
    .catch(error => {
      process.stderr.write(
        `The bench did not run: ${
          error instanceof Error ? error.message : error
        }\n`,
      );
      process.exitCode = 1;
    })
    // A test backend that has stopped leaves the pool of its database open, which would keep the process alive.
    .finally(() => process.exit());
}
