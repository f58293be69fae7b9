import { AuthentikPermissionError } from '../../authentik';
import { DESIRED, failed, ok } from '../testing/goodObservation';
import { faultsOf, type CheckCase } from '../testing/faultsOf';
import { groupsClaim } from './groupsClaim';

const link = DESIRED.application.adminUrl;
const telling =
  (claims: Record<string, unknown>, username?: string): CheckCase['change'] =>
  ({ authentik }) => {
    authentik.claims = ok({ username, claims });
  };

describe('groupsClaim', () => {
  it.each<CheckCase>([
    { when: 'it lists groups', status: 'pass', actual: 'the claim "groups"' },
    {
      when: 'it is empty',
      change: telling({ groups: [] }),
      status: 'pass',
    },
    {
      when: 'it has another name',
      change: telling({ sub: 'a', roles: ['admin'] }),
      status: 'fail',
      expected: 'the claim "groups" with a list of names',
      actual: 'no such claim among sub, roles',
      remedy: 'maps the scope profile',
      link,
    },
    {
      when: 'it is a text',
      change: telling({ groups: 'admin' }),
      status: 'fail',
      actual: 'a claim that is no list but string',
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
    expect(faultsOf(groupsClaim, wanted)).toEqual([]);
  });
});
