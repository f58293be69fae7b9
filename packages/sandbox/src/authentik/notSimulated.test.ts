import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { NOT_SIMULATED } from './notSimulated';

describe('NOT_SIMULATED', () => {
  it('should be, row by row, what the docs say is left out', () => {
    const page = readFileSync(
      join(__dirname, '../../../../docs/sandbox.md'),
      'utf8',
    );
    const rows = page
      .split('\n')
      .filter(line => line.includes('`/'))
      .map(line =>
        line
          .split(/(?<!\\)\|/)
          .slice(1, -1)
          .map(cell => cell.trim().replace(/\\\|/g, '|').replace(/`/g, '')),
      );
    expect(rows).toEqual(
      NOT_SIMULATED.map(({ method, path, reason }) => [method, path, reason]),
    );
  });
});
