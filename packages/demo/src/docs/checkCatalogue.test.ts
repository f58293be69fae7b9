import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { CHECKS } from 'backstage-plugin-hoop-authentik-node';
import { CATALOGUE_PATH, checkCatalogue } from './checkCatalogue';

describe('checkCatalogue', () => {
  it('should describe a check with everything it says of itself', () => {
    expect(
      checkCatalogue([
        {
          id: 'sign-in.somebody',
          system: 'sign-in',
          title: 'Somebody is there',
          why: 'Because.',
          mend: 'Come.',
          preflight: true,
          lockout: true,
          run: () => ({ status: 'pass' }),
        },
      ]),
    ).toContain(
      [
        '## Sign-in',
        '### Somebody is there',
        '`sign-in.somebody` · **before a switch** · **lock-out**',
        'Because.',
        'What to do: Come.',
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
