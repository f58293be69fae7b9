import { finished } from 'node:stream/promises';
import { run } from 'node:test';
import { spec as SpecReporter } from 'node:test/reporters';

/** What a part starts for itself. */
export interface Stoppable {
  stop(): Promise<void>;
}

/** Statements about one system, and the servers they are held against. */
export interface ContractPart<T extends { name: string }> {
  /** The word that selects it on the command line. */
  name: string;
  /** The file with the statements. */
  suite: string;
  /** The real server that the environment names, or sandboxes; what it starts is stopped afterwards, in order. */
  chooseTargets(started: Stoppable[]): Promise<T[]>;
  /** Hands a target to the process of the test runner. */
  handOver(target: T): void;
}

/** Runs a part on each of its targets, says on which, and tells how much of it failed. */
export async function runPart<T extends { name: string }>(
  part: ContractPart<T>,
): Promise<number> {
  const started: Stoppable[] = [];
  try {
    const targets = await part.chooseTargets(started);
    const ranOn = `Contract suite on: ${targets
      .map(({ name }) => name)
      .join(', ')}\n`;
    process.stdout.write(ranOn);
    let failures = 0;
    for (const target of targets) {
      process.stdout.write(`\n${target.name}\n`);
      part.handOver(target);
      failures += await runSuite(part.suite);
    }
    process.stdout.write(`\n${ranOn}\n`);
    return failures;
  } finally {
    for (const one of started) {
      await one.stop();
    }
  }
}

/** Runs a suite in a process of its own and tells how much of it failed. */
async function runSuite(file: string): Promise<number> {
  let failures = 0;
  let passes = 0;
  const report = run({ files: [file], timeout: 300_000 })
    .on('test:fail', () => {
      failures++;
    })
    .on('test:pass', () => {
      passes++;
    })
    .compose(new SpecReporter());
  report.pipe(process.stdout, { end: false });
  await finished(report);
  // A suite that ran nothing has shown nothing.
  return passes === 0 ? failures + 1 : failures;
}
