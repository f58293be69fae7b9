import type { Scenario } from './world';

const HEADINGS = ['check', 'finds', 'when', 'what follows', 'fixed by'];

/** The page of scenarios, as Markdown in the form the formatter gives it; pure. @internal */
export function scenarioPage(played: readonly Scenario[]): string {
  const rows = [
    HEADINGS,
    ...played.map(({ check, status, when, follows = [], fixedBy }) => [
      `\`${check}\``,
      status,
      when,
      follows.map(id => `\`${id}\``).join(', '),
      fixedBy,
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
    'This page is made by a test that plays every scenario on the sandbox, sees the check fail, fixes the cause and sees it pass: run it',
    'with `UPDATE_DOCS=1` after a change. What follows are the other checks that fail, warn or are `unknown` at the same time,',
    'and no others do. Checks that are skipped then, since there is nothing for them to look at, are left out.',
    '',
    headings,
    line(widths.map(width => '-'.repeat(width))),
    ...lines,
    '',
  ].join('\n');
}
