import { NO_CLAIMS, telling } from '../__testUtils__/claimsCases';
import { faultsOf, type CheckCase } from '../__testUtils__/faultsOf';
import { DESIRED } from '../__testUtils__/goodObservation';
import { groupsClaim } from './groupsClaim';

const link = DESIRED.application.adminUrl;

describe('groupsClaim', () => {
  it.each<CheckCase>([
    { when: 'it lists groups', status: 'pass', actual: 'the claim "groups"' },
    {
      when: 'it is empty for our own account',
      change: telling({ groups: [] }),
      status: 'pass',
    },
    {
      when: 'it is empty for a member of the admin group',
      change: telling({ groups: [] }, 'jane'),
      status: 'fail',
      actual: 'an empty list',
      remedy: 'the scope profile',
      link,
    },
    {
      when: 'it tells a member of the admin group other names',
      change: telling({ groups: ['Admin', 'x'] }, 'jane'),
      status: 'fail',
      actual: '2 others, without "admin"',
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
    ...NO_CLAIMS,
  ])('should find "$status" when $when', wanted => {
    expect(faultsOf(groupsClaim, wanted)).toEqual([]);
  });
});
