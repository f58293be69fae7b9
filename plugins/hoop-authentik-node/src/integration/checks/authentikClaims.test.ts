import { NO_CLAIMS, telling } from '../__testUtils__/claimsCases';
import { faultsOf, type CheckCase } from '../__testUtils__/faultsOf';
import {
  DESIRED,
  failed,
  goodDiscovery,
  ok,
  withAuthentik,
  withoutProvider,
  withProviderFields,
} from '../__testUtils__/goodObservation';
import { emailClaim, groupsClaim, scopes, tokenSize } from './authentikClaims';

describe('scopes', () => {
  const link = DESIRED.application.adminUrl;

  const mapping = (...names: string[]): CheckCase['change'] =>
    withAuthentik({ discovery: ok({ ...goodDiscovery(), scopes: names }) });

  it.each<CheckCase>([
    {
      when: 'all are mapped',
      status: 'pass',
      expected: 'openid, email, profile',
      link,
    },
    {
      when: 'more are mapped',
      change: mapping('email', 'profile', 'offline_access', 'openid'),
      status: 'pass',
    },
    {
      when: 'two are missing',
      change: mapping('openid'),
      status: 'fail',
      actual: 'openid',
      remedy: 'adds the mapping of email, profile',
      link,
    },
    {
      when: 'none is mapped, although the document always lists openid',
      change: withProviderFields({ propertyMappings: [] }),
      status: 'fail',
      actual: 'none',
    },
    {
      when: 'there is no provider',
      change: withoutProvider,
      status: 'skipped',
    },
    {
      when: 'the document cannot be read',
      change: withAuthentik({ discovery: failed() }),
      status: 'unknown',
    },
  ])('should find "$status" when $when', wanted => {
    expect(faultsOf(scopes, wanted)).toEqual([]);
  });
});

describe('groupsClaim', () => {
  const link = DESIRED.application.adminUrl;

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
      when: 'it has other names for a member of the admin group',
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
      actual: 'a claim of type string instead of a list',
    },
    ...NO_CLAIMS,
  ])('should find "$status" when $when', wanted => {
    expect(faultsOf(groupsClaim, wanted)).toEqual([]);
  });
});

describe('emailClaim', () => {
  const link = DESIRED.application.adminUrl;

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
      remedy: 'are the same person',
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

describe('tokenSize', () => {
  const link = DESIRED.application.adminUrl;

  /** As many groups of 20 characters. */
  const groups = (count: number) => ({
    groups: Array.from({ length: count }, (_, index) =>
      `group-${index}`.padEnd(20, 'x'),
    ),
  });

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
