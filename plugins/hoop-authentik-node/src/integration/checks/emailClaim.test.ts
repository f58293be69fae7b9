import { AuthentikPermissionError } from '../../authentik';
import { DESIRED, failed, ok } from '../testing/goodObservation';
import { faultsOf, type CheckCase } from '../testing/faultsOf';
import { emailClaim } from './emailClaim';

const link = DESIRED.application.adminUrl;
const telling =
  (claims: Record<string, unknown>, username?: string): CheckCase['change'] =>
  ({ authentik }) => {
    authentik.claims = ok({ username, claims });
  };

describe('emailClaim', () => {
  it.each<CheckCase>([
    { when: 'an administrator has one', status: 'pass' },
    {
      when: 'our own account has none',
      change: telling({ email: '' }),
      status: 'pass',
    },
    {
      when: 'an administrator has none',
      change: telling({ email: ' ' }, 'bob'),
      status: 'warn',
      actual: '"bob" has none',
      remedy: 'for the same person',
      link,
    },
    {
      when: 'the claim is missing',
      change: telling({ sub: 'a', groups: [] }),
      status: 'fail',
      actual: 'no such claim among sub, groups',
      remedy: 'maps the scope email',
      link,
    },
    {
      when: 'there is no provider',
      change: ({ authentik }) => {
        authentik.claims = ok(undefined);
      },
      status: 'skipped',
    },
    {
      when: 'the token may not look',
      change: ({ authentik }) => {
        authentik.claims = {
          ok: false,
          error: new AuthentikPermissionError(
            'no',
            'authentik_providers_oauth2.view_oauth2provider',
          ),
        };
      },
      status: 'skipped',
      actual: 'the token lacks authentik_providers_oauth2.view_oauth2provider',
    },
    {
      when: 'it cannot be read',
      change: ({ authentik }) => {
        authentik.claims = failed();
      },
      status: 'unknown',
    },
  ])('should find "$status" when $when', wanted => {
    expect(faultsOf(emailClaim, wanted)).toEqual([]);
  });
});
