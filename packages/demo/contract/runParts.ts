import { finished } from 'node:stream/promises';
import { run } from 'node:test';
import { spec as SpecReporter } from 'node:test/reporters';
import type { SandboxProcess } from 'sandbox';

/** Statements about one system, and the servers they are held against. */
export interface ContractPart<T extends { name: string }> {
  /** The word that selects it on the command line. */
  name: string;
  /** The file with the statements. */
  suite: string;
  /** The real server that the environment names, or sandboxes; those that it starts are stopped afterwards. */
  chooseTargets(sandboxes: SandboxProcess[]): Promise<T[]>;
  /** Hands a target to the process of the test runner. */
  handOver(target: T): void;
}

/** Runs a part on each of its targets, says on which, and tells how much of it failed. */
export async function runPart<T extends { name: string }>(
  part: ContractPart<T>,
): Promise<number> {
  const sandboxes: SandboxProcess[] = [];
  try {
    const targets = await part.chooseTargets(sandboxes);
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
    await Promise.all(sandboxes.map(sandbox => sandbox.stop()));
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
