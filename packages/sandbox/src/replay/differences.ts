/** What became of one recorded exchange. @internal */
export interface Replayed {
  scenario: string;
  title: string;
  /** In what the answer differs from the recorded one. */
  problems: string[];
}

/** Exchanges that are answered differently on purpose. @internal */
export interface Difference {
  scenario: string;
  /** Titles of exchanges, or the beginnings of titles where they end with `…`. */
  titles: string[];
  reason: string;
}

/** The exchanges of one system beside what is known of them. @internal */
export interface Judgement {
  system: string;
  same: Replayed[];
  listed: { replayed: Replayed; reason: string }[];
  unlisted: Replayed[];
  /** Titles that are listed although they are answered as recorded, or do not occur. */
  idle: string[];
}

function covers(title: string, pattern: string): boolean {
  return pattern.endsWith('…')
    ? title.startsWith(pattern.slice(0, -1))
    : title === pattern;
}

/** @internal */
export function judge(
  system: string,
  replayed: Replayed[],
  differences: readonly Difference[],
): Judgement {
  const used = new Set<string>();
  const judgement: Judgement = {
    system,
    same: [],
    listed: [],
    unlisted: [],
    idle: [],
  };
  for (const one of replayed) {
    const known =
      one.problems.length > 0
        ? differences
            .filter(({ scenario }) => scenario === one.scenario)
            .flatMap(({ scenario, titles, reason }) =>
              titles
                .filter(pattern => covers(one.title, pattern))
                .map(pattern => ({ key: `${scenario}: ${pattern}`, reason })),
            )[0]
        : undefined;
    if (one.problems.length === 0) {
      judgement.same.push(one);
    } else if (known) {
      used.add(known.key);
      judgement.listed.push({ replayed: one, reason: known.reason });
    } else {
      judgement.unlisted.push(one);
    }
  }
  judgement.idle = differences
    .flatMap(({ scenario, titles }) =>
      titles.map(pattern => `${scenario}: ${pattern}`),
    )
    .filter(key => !used.has(key));
  return judgement;
}
