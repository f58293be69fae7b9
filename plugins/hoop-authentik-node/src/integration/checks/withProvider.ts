import type { AuthentikProvider } from '../../systems/authentik/types';
import { skipped, withValue, type CheckInput, type Finding } from './check';

/**
 * Finds about the provider; skipped while there is none, since the check for it already says so.
 *
 * @internal
 */
export function withProvider(
  { observed }: CheckInput,
  find: (provider: AuthentikProvider) => Finding,
): Finding {
  return withValue(observed.authentik.provider, provider =>
    provider
      ? find(provider)
      : skipped('there is no OAuth2/OpenID provider yet'),
  );
}
