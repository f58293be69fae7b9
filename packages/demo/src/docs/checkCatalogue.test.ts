import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { CHECKS } from 'backstage-plugin-hoop-authentik-node/alpha';
import { CATALOGUE_PATH, checkCatalogue } from './checkCatalogue';

describe('checkCatalogue', () => {
  it('should describe a check in full', () => {
    expect(
      checkCatalogue([
        {
          id: 'sign-in.x-example',
          system: 'sign-in',
          title: 'An example',
          why: 'Because.',
          remedy: 'Act.',
          preflight: true,
          lockout: true,
          run: () => ({ status: 'pass' }),
        },
      ]),
    ).toContain(
      [
        '## Sign-in',
        '### An example',
        '`sign-in.x-example` · **before a switch** · **lock-out**',
        'Because.',
        'What to do: Act.',
      ].join('\n\n'),
    );
  });

  it('should be what the repository keeps', () => {
    const kept = readFileSync(
      resolve(__dirname, '../../../..', CATALOGUE_PATH),
      'utf8',
    );
    // Run "yarn docs:checks" where they differ.
    expect(kept).toBe(checkCatalogue(CHECKS));
  });
});
