import type { AuthentikProvider } from '../../systems/authentik/types';

/**
 * Whether a provider may be asked to authorize: older servers adopt the first redirect URI they are asked for when it has
 * none.
 *
 * @internal
 */
export function mayBeAskedToAuthorize({
  redirectUris,
}: Pick<AuthentikProvider, 'redirectUris'>): boolean {
  return redirectUris.length > 0;
}
