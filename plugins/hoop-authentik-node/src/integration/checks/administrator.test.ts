import type { AuthentikBinding } from '../../systems/authentik/types';
import {
  all,
  type Change,
  DESIRED,
  failed,
  ok,
  withAuthentik,
  withGateway,
} from '../__testUtils__/goodObservation';
import { faultsOf, type CheckCase } from '../__testUtils__/faultsOf';
import { administrator } from './administrator';

const members = (...active: boolean[]) =>
  withAuthentik({
    adminGroup: ok({
      pk: 'g',
      name: 'admin',
      members: active.map((isActive, pk) => ({ pk, username: 'x', isActive })),
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

describe('administrator', () => {
  it.each<CheckCase>([
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
      remedy: 'Put somebody into the group "admin"',
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
      when: 'the gateway could not be asked',
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
      when: 'no binding restricts anybody',
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
      actual: 'cannot be told from here',
    },
    {
      when: 'another group is bound, and the groups of the members may not be seen',
      change: all(
        bound({ groupName: 'engineering' }),
        withAuthentik({ claims: ok({ username: undefined, claims: {} }) }),
      ),
      status: 'pass',
      actual: 'cannot be told from here',
    },
    {
      when: 'the binding keeps the group out',
      change: bound({ groupName: 'admin', negate: true }),
      status: 'fail',
      actual: 'keep everyone of them out',
    },
    {
      when: 'only somebody else is bound',
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
