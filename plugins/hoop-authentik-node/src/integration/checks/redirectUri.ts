import { isStrictRedirectUri } from '../../application/requirements';
import type { AuthentikRedirectUri } from '../../systems/authentik/types';
import type { CheckDefinition } from './check';
import { withProvider } from './withProvider';

/** The usual type goes without saying; another one sends nobody back with a code. */
function describe({
  matchingMode,
  url,
  redirectUriType,
}: AuthentikRedirectUri): string {
  const shown = `${matchingMode} ${url}`;
  return redirectUriType === 'authorization'
    ? shown
    : `${shown} (type ${redirectUriType})`;
}

/** @internal */
export const redirectUri: CheckDefinition = {
  id: 'authentik.redirect-uri',
  system: 'authentik',
  title: 'Redirect URI is strict and exact',
  why: 'authentik sends people back to the gateway only at an address it knows; a pattern instead of an exact address lets tokens go elsewhere.',
  mend: 'Run the software template again: it adds the redirect URI. Remove those that nothing uses.',
  preflight: true,
  run: input =>
    withProvider(input, ({ redirectUris }) => {
      const { desired } = input;
      const expected = `strict ${desired.redirectUri}`;
      const actual = redirectUris.map(describe).join(', ') || 'none';
      const link = desired.application.adminUrl;
      if (
        !redirectUris.some(uri => isStrictRedirectUri(uri, desired.redirectUri))
      ) {
        return {
          status: 'fail',
          expected,
          actual,
          remedy:
            'Run the software template again: it adds the redirect URI and keeps the others.',
          link,
        };
      }
      return redirectUris.length > 1
        ? {
            status: 'warn',
            expected: `${expected} and no other`,
            actual,
            remedy:
              'Remove in authentik the redirect URIs that nothing uses: each is a place tokens may be sent to.',
            link,
          }
        : { status: 'pass', expected, actual, link };
    }),
};
