import type { Difference, Judgement, Replayed } from './differences';

function count(replayed: Replayed[], scenario: string): number {
  return replayed.filter(one => one.scenario === scenario).length;
}

function columns(rows: string[][]): string[] {
  const widths = rows[0].map((_, index) =>
    Math.max(...rows.map(row => row[index].length)),
  );
  return rows.map(row =>
    row
      .map((cell, index) =>
        index < 2 ? cell.padEnd(widths[index]) : cell.padStart(widths[index]),
      )
      .join('  ')
      .trimEnd(),
  );
}

/** One line for each scenario, and below it whatever is not the same. @internal */
export function tableOf(judgements: Judgement[]): string[] {
  const rows = judgements.flatMap(({ system, same, listed, unlisted }) => {
    const different = listed.map(({ replayed }) => replayed);
    const all = [...same, ...different, ...unlisted];
    return [...new Set(all.map(({ scenario }) => scenario))]
      .sort()
      .map(scenario => [
        system,
        scenario,
        ...[all, same, different, unlisted].map(some =>
          String(count(some, scenario)),
        ),
      ]);
  });
  const lines = columns([
    ['system', 'scenario', 'recorded', 'same', 'listed', 'unlisted'],
    ...rows,
  ]);
  for (const { system, listed, unlisted, idle } of judgements) {
    lines.push('', `${system}: listed differences: ${listed.length}`);
    for (const { replayed, reason } of listed) {
      lines.push(`  ${replayed.scenario}: ${replayed.title}: ${reason}`);
    }
    for (const { scenario, title, problems } of unlisted) {
      lines.push(
        `UNLISTED ${scenario}: ${title}`,
        ...problems.map(problem => `    ${problem}`),
      );
    }
    lines.push(...idle.map(key => `LISTED BUT NOT DIFFERENT ${key}`));
  }
  return lines;
}

/** The rows of the docs. @internal */
export function docRows(differences: readonly Difference[]): string[][] {
  return differences.map(({ scenario, titles, reason }) => [
    scenario,
    titles.join(' · '),
    reason,
  ]);
}
