import { SecretValue } from '../../core';
import type { AuthentikBinding } from '../../systems/authentik/types';
import { CAPABILITIES } from '../../targets';
import { faultsOf, type CheckCase } from '../__testUtils__/faultsOf';
import {
  all,
  type Change,
  DESIRED,
  failed,
  goodAuthConfig,
  ok,
  withAuthentik,
  withGateway,
  withoutTarget,
  withState,
} from '../__testUtils__/goodObservation';
import { adminGroup, administrator, firstUser } from './administrators';

describe('adminGroup', () => {
  const source = 'key "ADMIN_USERNAME" of Secret "hoopgateway" (envFrom[0])';
  const named = (value: string | SecretValue | undefined, from?: string) =>
    withState(state => {
      state.adminGroup = { value, source: from };
    });
  const inForce = (name: string): CheckCase['change'] =>
    withGateway({ authConfig: ok(goodAuthConfig({ admin_role_name: name })) });

  it.each<CheckCase>([
    {
      when: 'the environment names none, which means admin',
      change: named(undefined),
      status: 'pass',
      actual: '"admin", the default of ADMIN_USERNAME',
    },
    {
      when: 'an empty name means admin',
      change: named('', source),
      status: 'pass',
    },
    {
      when: 'both name the same',
      change: named(new SecretValue('admin'), source),
      status: 'pass',
      actual: source,
    },
    {
      when: 'the environment names another',
      change: named('hoop-admins', source),
      status: 'fail',
      expected: '"admin", the adminGroup of the gateway in app-config',
      actual: `"hoop-admins", ADMIN_USERNAME set by ${source}`,
      remedy: 'in app-config to "hoop-admins"',
    },
    {
      when: 'the names differ in case alone',
      change: named('Admin', source),
      status: 'fail',
    },
    {
      when: 'a Secret names another, which is not shown',
      change: named(new SecretValue('owners'), source),
      status: 'fail',
      actual: /^another name, /,
      remedy: /^(?!.*owners)/,
    },
    {
      when: 'a stored name overrides the environment',
      change: inForce('owners'),
      status: 'fail',
      actual: 'another name, in the configuration in force',
    },
    {
      when: 'the API shows the same',
      change: inForce('admin'),
      status: 'pass',
    },
    {
      when: 'the API cannot be read, but the environment shows it',
      change: withGateway({ authConfig: failed() }),
      status: 'pass',
    },
    {
      when: 'only the container knows it',
      change: named(undefined, 'fieldRef metadata.name'),
      status: 'skipped',
      actual: 'fieldRef metadata.name',
    },
    {
      when: 'the settings are kept in a file',
      change: observed => {
        observed.targetCapabilities = CAPABILITIES.envFile;
      },
      status: 'skipped',
    },
    {
      when: 'the cluster is out of reach',
      change: withoutTarget,
      status: 'unknown',
    },
  ])('should find "$status" when $when', wanted => {
    expect(faultsOf(adminGroup, wanted)).toEqual([]);
  });
});

describe('administrator', () => {
  const members = (...active: boolean[]) =>
    withAuthentik({
      adminGroup: ok({
        pk: 'g',
        name: 'admin',
        members: active.map((isActive, pk) => ({
          pk,
          username: 'x',
          isActive,
        })),
      }),
    });

  /** Bindings in place of the one of the group "admin". */
  const bound =
    (...changes: Array<Partial<AuthentikBinding>>): Change =>
    ({ authentik }) => {
      const [good] = authentik.bindings.ok ? authentik.bindings.value : [];
      authentik.bindings = ok(
        changes.map(change => ({
          ...good,
          group: undefined,
          groupName: undefined,
          ...change,
        })),
      );
    };

  it.each<CheckCase>([
    {
      when: 'the group has a member, but a file target shows no admin group',
      change: all(members(true), withoutTarget, observed => {
        observed.targetCapabilities = CAPABILITIES.envFile;
      }),
      status: 'skipped',
      actual: '1 active member of "admin"; whether the gateway makes',
    },
    {
      when: 'the group has a member',
      status: 'pass',
      actual: '1 active member of "admin"',
    },
    {
      when: 'one of its members is active',
      change: members(false, true, true),
      status: 'pass',
      actual: '2 active members',
    },
    {
      when: 'it has none',
      change: members(),
      status: 'fail',
      expected: 'a group "admin" in authentik with an active member',
      actual: 'no member',
      remedy: 'Add an active user to the group "admin"',
    },
    {
      when: 'none of them is active',
      change: members(false),
      status: 'fail',
      actual: 'only members who are not active',
    },
    {
      when: 'it has none, but the gateway knows administrators of authentik',
      change: all(members(), withGateway({ administrators: ok(['jane']) })),
      status: 'pass',
      actual: '1 user of authentik whom the gateway knows',
    },
    {
      when: 'neither has any',
      change: all(members(), withGateway({ administrators: ok([]) })),
      status: 'fail',
    },
    {
      when: 'the users of the gateway cannot be read',
      change: all(members(), withGateway({ administrators: failed() })),
      status: 'fail',
    },
    {
      when: 'there is no such group',
      change: withAuthentik({ adminGroup: ok(undefined) }),
      status: 'fail',
      actual: 'no such group',
      remedy: 'set adminGroup of the gateway in app-config',
    },
    {
      when: 'no binding restricts access',
      change: bound(),
      status: 'pass',
    },
    {
      when: 'the member who was looked at is in another group that is bound',
      change: all(
        bound({ groupName: 'engineering' }),
        withAuthentik({
          claims: ok({
            username: 'jane',
            claims: { groups: ['admin', 'engineering'] },
          }),
        }),
      ),
      status: 'pass',
    },
    {
      when: 'another group is bound, which may have the members of this one',
      change: bound({ groupName: 'engineering' }),
      status: 'warn',
      expected: 'an active member of "admin" who may use the application',
      actual: 'in none of them',
      remedy: 'Bind the group "admin" to the application "hoop"',
      link: DESIRED.application.adminUrl,
    },
    {
      when: 'a policy decides',
      change: bound({ policy: 'policy' }),
      status: 'pass',
      actual: 'cannot be determined from here',
    },
    {
      when: 'another group is bound, and the groups of the members may not be seen',
      change: all(
        bound({ groupName: 'engineering' }),
        withAuthentik({ claims: ok({ username: undefined, claims: {} }) }),
      ),
      status: 'pass',
      actual: 'cannot be determined from here',
    },
    {
      when: 'the binding keeps the group out',
      change: bound({ groupName: 'admin', negate: true }),
      status: 'fail',
      actual: 'keep all of them out',
    },
    {
      when: 'only another user is bound',
      change: bound({ user: 8 }),
      status: 'fail',
    },
    {
      when: 'the bindings cannot be seen',
      change: withAuthentik({ bindings: failed() }),
      status: 'pass',
    },
    {
      when: 'there is no application yet',
      change: withAuthentik({ application: ok(undefined) }),
      status: 'pass',
    },
    {
      when: 'it cannot be read',
      change: withAuthentik({ adminGroup: failed() }),
      status: 'unknown',
    },
  ])('should find "$status" when $when', wanted => {
    expect(faultsOf(administrator, wanted)).toEqual([]);
  });
});

describe('firstUser', () => {
  const info = (setupRequired: boolean | undefined) =>
    ok({ version: '1.148.0', authMethod: 'local', setupRequired });

  it.each<CheckCase>([
    { when: 'the gateway has users', status: 'pass' },
    {
      when: 'it has none',
      change: withGateway({ info: info(true) }),
      status: 'warn',
      actual: 'the first person who signs in becomes its administrator',
      remedy: 'Let the intended administrator sign in first',
      link: DESIRED.gateway.url,
    },
    {
      when: 'it is too old to report them',
      change: withGateway({ info: info(undefined) }),
      status: 'skipped',
      actual: 'before 1.59.2',
    },
    {
      when: 'it does not answer',
      change: withGateway({ info: failed() }),
      status: 'unknown',
    },
  ])('should find "$status" when $when', wanted => {
    expect(faultsOf(firstUser, wanted)).toEqual([]);
  });
});
