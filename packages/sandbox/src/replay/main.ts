import { replayKubernetes } from '../kubernetes/replay';
import { judge } from './differences';
import { tableOf } from './table';

async function main(): Promise<void> {
  const judgements = [
    judge('kubernetes', await replayKubernetes(process.argv[2]), []),
  ];
  process.stdout.write(`${tableOf(judgements).join('\n')}\n`);
  process.exit(judgements.some(one => one.unlisted.length > 0) ? 1 : 0);
}

main().catch(error => {
  process.stderr.write(`${error instanceof Error ? error.stack : error}\n`);
  process.exit(1);
});
