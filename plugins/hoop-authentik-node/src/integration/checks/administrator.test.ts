import { failed, ok } from '../testing/goodObservation';
import { faultsOf, type CheckCase } from '../testing/faultsOf';
import { administrator } from './administrator';

const members =
  (...active: boolean[]): CheckCase['change'] =>
  ({ authentik }) => {
    authentik.adminGroup = ok({
      pk: 'g',
      name: 'admin',
      members: active.map((isActive, pk) => ({ pk, username: 'x', isActive })),
    });
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
      when: 'there is no such group',
      change: ({ authentik }) => {
        authentik.adminGroup = ok(undefined);
      },
      status: 'fail',
      actual: 'no such group',
      remedy: 'set adminGroup of the gateway in app-config',
    },
    {
      when: 'it cannot be read',
      change: ({ authentik }) => {
        authentik.adminGroup = failed();
      },
      status: 'unknown',
    },
  ])('should find "$status" when $when', wanted => {
    expect(faultsOf(administrator, wanted)).toEqual([]);
  });
});
