import { AuthentikPermissionError } from '../../systems/authentik';
import type { CheckCase } from './faultsOf';
import { failed, ok, withAuthentik } from './goodObservation';

/** authentik previews these claims, for this user; without a name, for the token's own account. */
export function telling(
  claims: Record<string, unknown>,
  username?: string,
): CheckCase['change'] {
  return ({ authentik }) => {
    authentik.claims = ok({ username, claims });
  };
}

/** What every check of claims finds where there are none to see. */
export const NO_CLAIMS: CheckCase[] = [
  {
    when: 'there is no provider',
    change: withAuthentik({ claims: ok(undefined) }),
    status: 'skipped',
  },
  {
    when: 'the token may not look',
    change: withAuthentik({
      claims: {
        ok: false,
        error: new AuthentikPermissionError(
          'no',
          'authentik_providers_oauth2.view_oauth2provider',
        ),
      },
    }),
    status: 'unknown',
    cause: 'authentik.permission-missing',
  },
  {
    when: 'it cannot be read',
    change: withAuthentik({ claims: failed() }),
    status: 'unknown',
  },
];
