import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';
import type { AuthentikClient } from '../systems/authentik/types';
import * as ownership from './ownership';

/** Every request that changes something in authentik. */
const WRITES: Array<keyof AuthentikClient> = [
  'createApplication',
  'createApplicationWithProvider',
  'createBinding',
  'createKeyPair',
  'createProvider',
  'deleteApplication',
  'deleteBinding',
  'deleteKeyPair',
  'deleteProvider',
  'setApplicationIconUrl',
  'updateApplication',
  'updateBinding',
  'updateProvider',
];

const PLUGINS = join(__dirname, '../../..');

function productionFiles(): string[] {
  return (
    readdirSync(PLUGINS, { withFileTypes: true })
      // The frontend cannot reach authentik.
      .filter(entry => entry.isDirectory() && entry.name !== 'hoop-authentik')
      .flatMap(({ name }) =>
        readdirSync(join(PLUGINS, name, 'src'), {
          recursive: true,
          encoding: 'utf8',
        }).map(file => join(name, 'src', file)),
      )
      .filter(
        file =>
          /(?<!\.test)\.tsx?$/.test(file) &&
          !file.includes('__testUtils__') &&
          // Names the permissions like the requests.
          !file.includes(join('systems', 'authentik')),
      )
  );
}

describe('writes to authentik', () => {
  it('should be sent only where the owned object is asked for', () => {
    const call = new RegExp(`\\.(?:${WRITES.join('|')})\\b`);
    const files = productionFiles();
    expect(files.length).toBeGreaterThan(100);

    const writing = files
      .filter(file => call.test(readFileSync(join(PLUGINS, file), 'utf8')))
      .map(file => file.split(sep).slice(-2).join('/'))
      .sort();

    expect(writing).toEqual([
      // Takes an owned application to bind to; what it deletes, the record of the grant that made it names by its key.
      'application/endGrants.ts',
      'application/ensureBindings.ts',
      'application/grants.ts',
      'application/writes.ts',
      'ownership/creation.ts',
      'ownership/keys.ts',
    ]);
  });

  it('should take owned objects that nothing else can make', () => {
    expect(Object.keys(ownership)).not.toContain('Owned');
    const making = productionFiles().filter(file =>
      /\/owned'/.test(readFileSync(join(PLUGINS, file), 'utf8')),
    );
    expect([...new Set(making.map(file => dirname(file)))]).toEqual([
      join('hoop-authentik-node', 'src', 'application', 'ownership'),
    ]);
    const forged = { object: { pk: 'a', slug: 'payroll' } };
    // @ts-expect-error An object of the same shape is none.
    const owned: ownership.OwnedApplication = forged;
    expect(owned).toBe(forged);
  });
});
