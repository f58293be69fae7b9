import { NO_CLAIMS, telling } from '../__testUtils__/claimsCases';
import { faultsOf, type CheckCase } from '../__testUtils__/faultsOf';
import { DESIRED, ok, withAuthentik } from '../__testUtils__/goodObservation';
import { tokenSize } from './tokenSize';

const link = DESIRED.application.adminUrl;

/** As many groups of 20 characters. */
const groups = (count: number) => ({
  groups: Array.from({ length: count }, (_, index) =>
    `group-${index}`.padEnd(20, 'x'),
  ),
});

describe('tokenSize', () => {
  it.each<CheckCase>([
    {
      when: 'an administrator has few groups',
      status: 'pass',
      actual: '"jane" with 1 group',
    },
    {
      when: 'an administrator has a hundred',
      change: telling(groups(100), 'jane'),
      status: 'pass',
      actual: /^about 39\d\d bytes for "jane" with 100 groups$/,
    },
    {
      when: 'an administrator has more',
      change: telling(groups(120), 'jane'),
      status: 'warn',
      actual: 'with 120 groups',
      remedy: 'URL_TOKEN_EXCHANGE=force',
      link,
    },
    {
      when: 'the claims of an administrator may not be seen',
      change: telling(groups(200)),
      status: 'skipped',
      actual: 'the token lacks authentik_core.preview_user',
    },
    {
      when: 'there is no administrator',
      change: withAuthentik({
        adminGroup: ok(undefined),
        claims: ok({ username: undefined, claims: {} }),
      }),
      status: 'skipped',
      actual: 'the group "admin" has no active member',
    },
    ...NO_CLAIMS,
  ])('should find "$status" when $when', wanted => {
    expect(faultsOf(tokenSize, wanted)).toEqual([]);
  });
});
