import { GOOD_APPLICATION } from '../../application/__testUtils__/goodFacts';
import type { AuthentikBinding } from '../../systems/authentik/types';
import { faultsOf, type CheckCase } from '../__testUtils__/faultsOf';
import {
  all,
  type Change,
  DESIRED,
  failed,
  inputWith,
  ok,
  withAuthentik,
} from '../__testUtils__/goodObservation';
import {
  accessByBindings,
  bindings,
  declaredBindings,
} from './authentikAccess';

describe('bindings', () => {
  const link = DESIRED.application.adminUrl;

  it.each<CheckCase>([
    { when: 'there is one', status: 'pass', actual: '1 enabled', link },
    {
      when: 'there is none',
      change: withAuthentik({ bindings: ok([]) }),
      status: 'warn',
      actual: 'none',
      remedy: 'Everyone with an account in authentik may sign in',
      link,
    },
    {
      when: 'all are disabled',
      change: ({ authentik }) => {
        authentik.bindings = ok(
          authentik.bindings.ok
            ? authentik.bindings.value.map(one => ({ ...one, enabled: false }))
            : [],
        );
      },
      status: 'warn',
      actual: 'only disabled ones',
    },
    {
      when: 'there is no application',
      change: withAuthentik({ application: ok(undefined) }),
      status: 'skipped',
    },
    {
      when: 'they may not be read',
      change: withAuthentik({ bindings: failed() }),
      status: 'unknown',
    },
  ])('should find "$status" when $when', wanted => {
    expect(faultsOf(bindings, wanted)).toEqual([]);
  });
});

describe('declaredBindings', () => {
  const link = DESIRED.application.adminUrl;
  const bound =
    (...changed: Array<Partial<AuthentikBinding>>): Change =>
    ({ authentik }) => {
      const [one] = authentik.bindings.ok ? authentik.bindings.value : [];
      authentik.bindings = ok(changed.map(fields => ({ ...one, ...fields })));
    };

  it.each<CheckCase>([
    { when: 'they are bound', status: 'pass', actual: 'admin', link },
    {
      when: 'they are bound among others',
      change: bound({ groupName: 'engineering' }, { groupName: 'admin' }),
      status: 'pass',
    },
    {
      when: 'all bindings have to pass',
      change: all(
        bound({ groupName: 'engineering' }, { groupName: 'admin' }),
        withAuthentik({
          application: ok({ ...GOOD_APPLICATION, policyEngineMode: 'all' }),
        }),
      ),
      status: 'warn',
      actual: '2 bindings which all have to pass',
      remedy: 'to "any"',
      link,
    },
    {
      when: 'another one is',
      change: bound({ groupName: 'engineering' }),
      status: 'fail',
      expected: 'bindings of admin',
      actual: 'none of admin',
      remedy: 'with these groups',
      link,
    },
    {
      when: 'they are kept out',
      change: bound({ negate: true }),
      status: 'fail',
    },
    {
      when: 'their binding is disabled',
      change: bound({ enabled: false }),
      status: 'fail',
    },
    {
      when: 'there is no application',
      change: withAuthentik({ application: ok(undefined) }),
      status: 'skipped',
    },
    {
      when: 'it cannot be read',
      change: withAuthentik({ bindings: failed() }),
      status: 'unknown',
    },
  ])('should find "$status" when $when', wanted => {
    expect(faultsOf(declaredBindings, wanted)).toEqual([]);
  });

  it('should say nothing where app-config names no groups', () => {
    const { observed } = inputWith();
    expect(
      declaredBindings.run({
        desired: { ...DESIRED, allowedGroups: undefined },
        observed,
      }),
    ).toEqual({ status: 'skipped', actual: 'app-config names no groups' });
  });
});

describe('accessByBindings', () => {
  const binding = (fields: Partial<AuthentikBinding>): AuthentikBinding => ({
    pk: 'b',
    target: 't',
    policy: undefined,
    group: undefined,
    user: undefined,
    order: 0,
    enabled: true,
    negate: false,
    timeout: 30,
    failureResult: false,
    ...fields,
  });
  const group = (name: string, fields: Partial<AuthentikBinding> = {}) =>
    binding({ group: `id-of-${name}`, groupName: name, ...fields });
  const user = (pk: number, fields: Partial<AuthentikBinding> = {}) =>
    binding({ user: pk, ...fields });
  const policy = binding({ policy: 'p' });

  const jane = { pk: 7, groups: ['admin'] };

  it.each([
    ['no binding', [], 'yes', 'yes'],
    ['only disabled ones', [group('x', { enabled: false })], 'yes', 'yes'],
    ['her group', [group('admin')], 'yes', 'yes'],
    ['her group, negated', [group('admin', { negate: true })], 'no', 'no'],
    // She may be in it by way of another group.
    ['a group not known of her', [group('x')], 'unknown', 'unknown'],
    ['one without a name', [binding({ group: 'g' })], 'unknown', 'unknown'],
    ['herself', [user(7)], 'yes', 'yes'],
    ['another user', [user(8)], 'no', 'no'],
    ['another user, negated', [user(8, { negate: true })], 'yes', 'yes'],
    ['a policy', [policy], 'unknown', 'unknown'],
    ['her group and a policy', [group('admin'), policy], 'yes', 'unknown'],
    ['her group and another user', [group('admin'), user(8)], 'yes', 'no'],
    ['another user and a policy', [user(8), policy], 'unknown', 'no'],
  ])('should decide on %s', (_, found, any, every) => {
    expect([
      accessByBindings(found, { policyEngineMode: 'any' }, jane),
      accessByBindings(found, { policyEngineMode: 'all' }, jane),
    ]).toEqual([any, every]);
  });
});
