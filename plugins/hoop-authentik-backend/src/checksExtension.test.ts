import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

const PAGE = resolve(__dirname, '../../../docs/checks-extension.md');
const MODULE = resolve(__dirname, '__testUtils__/companyChecksModule.ts');

describe('docs/checks-extension.md', () => {
  it('should show the module that runs in the tests', () => {
    const [, example] = /```ts\n([\s\S]*?)```/.exec(
      readFileSync(PAGE, 'utf8'),
    ) ?? [undefined, ''];
    expect(example).not.toBe('');
    expect(readFileSync(MODULE, 'utf8')).toBe(example);
  });
});
