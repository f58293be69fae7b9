import type { Scenario } from './world';

/** A scenario that was played, and what else did not pass then. @internal */
export interface Played
  extends Pick<Scenario, 'check' | 'status' | 'when' | 'mendedBy'> {
  also: string[];
}

const HEADINGS = ['check', 'finds', 'when', 'what follows', 'mended by'];

/** The page of scenarios, as Markdown in the form the formatter gives it; pure. @internal */
export function scenarioPage(played: readonly Played[]): string {
  const rows = [
    HEADINGS,
    ...played.map(({ check, status, when, also, mendedBy }) => [
      `\`${check}\``,
      status,
      when,
      also.map(id => `\`${id}\``).join(', '),
      mendedBy,
    ]),
  ];
  const widths = HEADINGS.map((_, column) =>
    Math.max(...rows.map(row => row[column].length)),
  );
  const line = (cells: string[]) => `| ${cells.join(' | ')} |`;
  const [headings, ...lines] = rows.map(row =>
    line(row.map((cell, column) => cell.padEnd(widths[column]))),
  );
  return [
    '# What makes each check fail',
    '',
    'This page is made by a test that plays every scenario on the sandbox, sees the check fail, mends it and sees it pass: run it',
    'with `UPDATE_DOCS=1` after a change.',
    '',
    headings,
    line(widths.map(width => '-'.repeat(width))),
    ...lines,
    '',
  ].join('\n');
}
