import { AuthentikPermissionError } from '../systems/authentik';
import { type CallOptions, sentence } from '../core';
import type { AuthentikClient } from '../systems/authentik/types';

/**
 * Runs something against authentik; when it is refused for want of a permission, finds out what else the token lacks, so
 * that an administrator mends it in one go and not one refusal at a time. Costs nothing as long as nothing is refused.
 *
 * @throws AuthentikPermissionError naming every permission that is missing
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
      }. Grant it to the role of the service account (docs/authentik-permissions.md of these plugins lists the whole role).`,
      error.permission,
    );
  }
}
