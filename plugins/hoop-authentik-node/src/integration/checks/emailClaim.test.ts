import { NO_CLAIMS, telling } from '../__testUtils__/claimsCases';
import { faultsOf, type CheckCase } from '../__testUtils__/faultsOf';
import { DESIRED } from '../__testUtils__/goodObservation';
import { emailClaim } from './emailClaim';

const link = DESIRED.application.adminUrl;

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
    ...NO_CLAIMS,
  ])('should find "$status" when $when', wanted => {
    expect(faultsOf(emailClaim, wanted)).toEqual([]);
  });
});
