import { InputError } from '@backstage/errors';
import { type CallOptions, sentence } from '../core';
import { AuthentikPermissionError } from '../systems/authentik';
import type { AuthentikClient } from '../systems/authentik/types';

/**
 * Runs a call to authentik; when authentik refuses it for a missing permission, finds out what else the token lacks, so
 * that an administrator grants everything in one go. Costs nothing as long as nothing is refused.
 *
 * @throws AuthentikPermissionError naming every missing permission
 * @internal
 */
export async function explainPermissions<T>(
  client: AuthentikClient,
  run: () => Promise<T>,
  options?: CallOptions,
): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (!(error instanceof AuthentikPermissionError)) {
      throw error;
    }
    const found = await client.findMissingPermissions(options).catch(() => []);
    const missing = [
      ...new Set([...(error.permission ? [error.permission] : []), ...found]),
    ].sort();
    throw new AuthentikPermissionError(
      `${sentence(error)} The token of the authentik instance "${
        client.name
      }" lacks ${
        missing.length > 0 ? missing.join(', ') : 'a permission'
      }. Grant it to the role of the service account (see docs/authentik-permissions.md of these plugins for the whole role).`,
      error.permission,
    );
  }
}

/** The refusal of a name that authentik does not know. @internal */
export function unknownName(
  { baseUrl }: Pick<AuthentikClient, 'baseUrl'>,
  what: string,
  name: string,
  existing?: string[],
): InputError {
  const known = existing
    ? `; it has ${
        existing.length === 0
          ? 'none'
          : listShortened(existing.map(one => `"${one}"`))
      }`
    : '';
  return new InputError(
    `authentik at ${baseUrl} has no ${what} named "${name}"${known}. Create it there, or give the name of an existing one.`,
  );
}

const MOST_NAMES = 20;

/** In alphabetical order, the first of many and how many more there are. @internal */
export function listShortened(texts: string[], separator = ', '): string {
  const sorted = [...texts].sort((a, b) => a.localeCompare(b));
  const rest = sorted.length - MOST_NAMES;
  return (
    sorted.slice(0, MOST_NAMES).join(separator) +
    (rest > 0 ? ` and ${rest} more` : '')
  );
}
