/** What is read of Jest's JSON report. @internal */
export interface TestReport {
  testResults: Array<{
    name: string;
    message: string;
    assertionResults: Array<{
      ancestorTitles: string[];
      fullName: string;
      status: string;
      failureMessages?: string[] | null;
    }>;
  }>;
}

/** One kind of input as the field has it, and what became of its variants. */
interface Kind {
  kind: string;
  variants: number;
  passed: number;
  failed: number;
}

/** @internal */
export interface FieldOutcome {
  /** For people: the table, then what is wrong. */
  lines: string[];
  good: boolean;
}

/** A test that stands in no `describe` belongs to no kind. */
const NO_KIND = '(no kind)';

/**
 * Counts the variants of each kind: a kind is the outermost `describe`, in however many files, and each test below it a
 * variant. A variant that did not run counts as failed.
 *
 * @internal
 */
export function fieldOutcome({ testResults }: TestReport): FieldOutcome {
  const kinds = new Map<string, Kind>();
  const wrong: string[] = [];
  for (const { name, message, assertionResults } of testResults) {
    if (assertionResults.length === 0) {
      wrong.push(`${name}: no test ran`, message);
    }
    for (const test of assertionResults) {
      const kind = test.ancestorTitles[0] ?? NO_KIND;
      const counts = kinds.get(kind) ?? {
        kind,
        variants: 0,
        passed: 0,
        failed: 0,
      };
      kinds.set(kind, counts);
      counts.variants += 1;
      if (test.status === 'passed' && kind !== NO_KIND) {
        counts.passed += 1;
      } else {
        counts.failed += 1;
        wrong.push(
          `${test.fullName}: ${test.status}`,
          ...(test.failureMessages ?? []),
        );
      }
    }
  }
  const sorted = [...kinds.values()].sort((a, b) =>
    a.kind.localeCompare(b.kind),
  );
  const total = (count: 'variants' | 'passed' | 'failed') =>
    sorted.reduce((sum, kind) => sum + kind[count], 0);
  const all = {
    kind: `${sorted.length} kinds`,
    variants: total('variants'),
    passed: total('passed'),
    failed: total('failed'),
  };
  if (all.variants === 0) {
    wrong.push('No variant was found: expected tests in *.field.test.ts');
  }
  return {
    lines: [...table([...sorted, all]), ...wrong],
    good: wrong.length === 0,
  };
}

function table(kinds: Kind[]): string[] {
  const rows = [
    ['kind', 'variants', 'passed', 'failed'],
    ...kinds.map(({ kind, variants, passed, failed }) => [
      kind,
      `${variants}`,
      `${passed}`,
      `${failed}`,
    ]),
  ];
  const width = Math.max(...rows.map(([kind]) => kind.length));
  return rows.map(([kind, ...counts]) =>
    [kind.padEnd(width), ...counts.map(count => count.padStart(8))].join('  '),
  );
}
