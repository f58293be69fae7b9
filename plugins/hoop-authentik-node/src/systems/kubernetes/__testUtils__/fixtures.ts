import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Directory of the test certificates. */
export const FIXTURES = join(__dirname, '..', '__fixtures__');

/** Contents of a test certificate or key. */
export function fixture(name: string): string {
  return readFileSync(join(FIXTURES, name), 'utf8');
}

/** In the form of a `…-data` field of a kubeconfig. */
export function fixtureData(name: string): string {
  return Buffer.from(fixture(name)).toString('base64');
}
