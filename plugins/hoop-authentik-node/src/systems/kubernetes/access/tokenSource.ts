import { InputError } from '@backstage/errors';
import { SecretValue } from '../../../core';
import { readTextFile } from './files';

/**
 * Gives the bearer token to send with the next request.
 *
 * @internal
 */
export type TokenSource = () => Promise<SecretValue>;

/**
 * A token that never changes. @internal
 */
export function fixedToken(token: SecretValue): TokenSource {
  return async () => token;
}

/**
 * A token kept in a file that somebody else renews, such as the projected token of a service account. The file is read
 * for each request, so a renewed token counts at once. When it cannot be read for a moment (it is being replaced), the
 * last good token is used, as client-go does; a token that has really expired is then refused by the cluster.
 *
 * @internal
 */
export function tokenFromFile(path: string, what: string): TokenSource {
  let last: SecretValue | undefined;
  return async () => {
    try {
      const token = (await readTextFile(path, what)).trim();
      if (!token) {
        throw new InputError(
          `${what} ${path} is empty: expected a bearer token`,
        );
      }
      if (/\s/.test(token)) {
        throw new InputError(
          `${what} ${path} holds more than one word: expected one bearer token`,
        );
      }
      last = new SecretValue(token);
    } catch (error) {
      if (!last) {
        throw error;
      }
    }
    return last;
  };
}
