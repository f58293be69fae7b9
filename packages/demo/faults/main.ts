import { parseArgs } from 'node:util';
import { startSandboxProcess, type SandboxProcess } from 'sandbox';
import { allCells, sampleOf, type Cell } from './calls';
import { runCell, undisturbed, type Result } from './matrix';
import { OPERATIONS, type Operation } from './operations';

/** Cells are independent of each other, and mostly wait. */
const SIDE_BY_SIDE = 3;

interface Job {
  operation: Operation;
  cell: Cell;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

function show({ operation, call, kind, done, problems, seconds }: Result) {
  const outcome = done ? 'succeeded' : 'refused';
  print(
    [
      operation.padEnd(10),
      kind.padEnd(14),
      (problems.length > 0 ? 'WRONG' : outcome).padEnd(9),
      `${seconds.toFixed(1)} s`.padStart(7),
      call,
    ].join('  '),
  );
  problems.forEach(problem => print(`    ${problem}`));
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      all: { type: 'boolean', default: false },
      /** Only cells whose line contains this text. */
      only: { type: 'string', default: '' },
    },
  });
  const sandboxes = await Promise.all(
    Array.from({ length: SIDE_BY_SIDE }, () =>
      startSandboxProcess({ rolloutDelayMs: 0 }),
    ),
  );
  try {
    const [first] = sandboxes;
    const plain = new Map(
      await inTurn(OPERATIONS, async operation => [
        operation,
        await undisturbed(first, operation),
      ]),
    );
    const jobs = OPERATIONS.flatMap((operation, index) => {
      const { calls } = plain.get(operation)!;
      const cells = values.all ? allCells(calls) : sampleOf(calls, index % 2);
      return cells
        .filter(({ kind, call }) =>
          `${operation} ${kind} ${call.label}`.includes(values.only),
        )
        .map((cell): Job => ({ operation, cell }));
    });
    const results: Result[] = [];
    const work = async (sandbox: SandboxProcess) => {
      for (let job = jobs.shift(); job; job = jobs.shift()) {
        const { operation, cell } = job;
        const result = await runCell(
          sandbox,
          operation,
          cell,
          plain.get(operation)!,
        );
        results.push(result);
        show(result);
      }
    };
    await Promise.all(sandboxes.map(work));
    const wrong = results.filter(({ problems }) => problems.length > 0);
    for (const operation of OPERATIONS) {
      const own = results.filter(one => one.operation === operation);
      print(
        `${operation}: ${own.length} cells, ${
          own.filter(({ done }) => done).length
        } succeeded in spite of the fault, ${
          own.filter(({ done }) => !done).length
        } refused, ${
          wrong.filter(one => one.operation === operation).length
        } wrong`,
      );
    }
    process.exitCode = wrong.length > 0 || results.length === 0 ? 1 : 0;
  } finally {
    await Promise.all(sandboxes.map(sandbox => sandbox.stop()));
  }
}

async function inTurn<T, R>(
  items: readonly T[],
  run: (item: T) => Promise<[T, R]>,
): Promise<Array<[T, R]>> {
  const results: Array<[T, R]> = [];
  for (const item of items) {
    results.push(await run(item));
  }
  return results;
}

main().catch(error => {
  process.stderr.write(
    `The faults were not tried: ${
      error instanceof Error ? error.stack : error
    }\n`,
  );
  process.exitCode = 1;
});
