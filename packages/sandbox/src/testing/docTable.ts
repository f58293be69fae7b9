import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const page = join(
  dirname(require.resolve('../../package.json')),
  '../../docs/sandbox.md',
);

/** The rows of the table below a heading of docs/sandbox.md, without the code marks. @internal */
export function docTable(heading: string): string[][] {
  const section = readFileSync(page, 'utf8')
    .split(/^## /m)
    .find(part => part.startsWith(`${heading}\n`));
  return (section ?? '')
    .split('\n')
    .filter(line => line.startsWith('|'))
    .slice(2)
    .map(line =>
      line
        .split(/(?<!\\)\|/)
        .slice(1, -1)
        .map(cell => cell.trim().replace(/\\\|/g, '|').replace(/`/g, '')),
    );
}
