import { judge, Judgement } from './differences';
import { SYSTEMS } from './systems';
import { tableOf } from './table';

/** Replays the recordings of all systems, of one, or one recording of one. */
async function main(): Promise<number> {
  const [, , only, scenario] = process.argv;
  if (only && !SYSTEMS[only]) {
    process.stderr.write(
      `${only} is not recorded; known: ${Object.keys(SYSTEMS).join(', ')}\n`,
    );
    return 2;
  }
  const judgements: Judgement[] = [];
  for (const [name, { replay, differences }] of Object.entries(SYSTEMS)) {
    if (!only || name === only) {
      judgements.push(judge(name, await replay(scenario), differences));
    }
  }
  process.stdout.write(`${tableOf(judgements).join('\n')}\n`);
  return judgements.some(
    ({ unlisted, idle }) =>
      unlisted.length > 0 || (!scenario && idle.length > 0),
  )
    ? 1
    : 0;
}

main().then(
  code => process.exit(code),
  error => {
    process.stderr.write(`${error instanceof Error ? error.stack : error}\n`);
    process.exit(1);
  },
);
