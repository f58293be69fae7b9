import fs from 'node:fs';
import path from 'node:path';
import type { Recording } from '../../replay/exchange';
import { loadFolder } from '../../replay/exchange';
import type { AuthentikVersion } from '../types';

/**
 * Keys of the objects every server has, as they were when it was recorded.
 *
 * @internal
 */
export type Seeds = Record<string, Record<string, string | number>>;

const ROOT = path.join(
  path.dirname(require.resolve('../__fixtures__/recordings/2026.8/seeds.json')),
  '..',
);

/** @internal */
export function loadSeeds(version: AuthentikVersion): Seeds {
  return JSON.parse(
    fs.readFileSync(path.join(ROOT, version, 'seeds.json'), 'utf8'),
  );
}

/** @internal */
export function loadRecordings(version: AuthentikVersion): Recording[] {
  return loadFolder(path.join(ROOT, version), file => file !== 'seeds.json');
}
