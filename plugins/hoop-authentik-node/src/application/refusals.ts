import { InputError } from '@backstage/errors';
import { sentence } from '../core';
import { AuthentikPermissionError } from '../systems/authentik';
import type { AuthentikClient } from '../systems/authentik/types';

/**
 * Runs a call to authentik; when authentik refuses it for a missing permission, adds who lacks it and how it is granted.
 *
 * @throws AuthentikPermissionError naming the missing permission
 * @internal
 */
export async function explainPermissions<T>(
  client: Pick<AuthentikClient, 'name'>,
  run: () => Promise<T>,
): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (!(error instanceof AuthentikPermissionError)) {
      throw error;
    }
    throw new AuthentikPermissionError(
      `${sentence(error)} The token of the authentik instance "${
        client.name
      }" lacks ${
        error.permission ?? 'a permission'
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
