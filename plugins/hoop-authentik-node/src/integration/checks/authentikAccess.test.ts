import { GOOD_APPLICATION } from '../../application/__testUtils__/goodFacts';
import { NOW } from '../../application/__testUtils__/serverObjects';
import type { AuthentikBinding } from '../../systems/authentik/types';
import { faultsOf, type CheckCase } from '../__testUtils__/faultsOf';
import {
  all,
  type Change,
  DESIRED,
  failed,
  goodBindings,
  inputWith,
  ok,
  withAuthentik,
} from '../__testUtils__/goodObservation';
import {
  accessByBindings,
  bindings,
  declaredBindings,
  isBound,
} from './authentikAccess';

const [ONE] = goodBindings();
const withBindings = (...changed: Array<Partial<AuthentikBinding>>): Change =>
  withAuthentik({
    bindings: ok(changed.map(fields => ({ ...ONE, ...fields }))),
  });
const SOON = '2026-05-20T12:00:00Z';
const LATER = '2026-06-20T12:00:00Z';
const PAST = '2026-05-01T12:00:00Z';

describe('bindings', () => {
  const link = DESIRED.application.adminUrl;
  const fix = 'restrict-access';

  it.each<CheckCase>([
    { when: 'there is one', status: 'pass', actual: '1 enabled', link },
    {
      when: 'all are disabled',
      change: withBindings({ enabled: false }),
      status: 'fail',
      actual: 'only disabled ones',
      remedy: 'while app-config names groups',
      link,
      fix: { action: fix, groups: ['admin'] },
    },
    {
      when: 'the last one has ended, and is about to be deleted',
      change: withBindings({ expires: PAST }),
      status: 'fail',
      actual: 'ones that have ended',
    },
    {
      when: 'one stays and two end',
      change: withBindings({ expires: SOON }, { expires: LATER }, {}),
      status: 'pass',
      actual: '3 enabled, 2 of them until 2026-06-20 at the latest',
    },
    {
      when: 'all end some day',
      change: withBindings({ expires: LATER }, { expires: SOON }),
      status: 'warn',
      actual: '2 enabled, the last of which ends on 2026-06-20',
      remedy: 'before everyone',
      link,
      fix,
    },
    {
      when: 'the one that stays is disabled',
      change: withBindings({ expires: SOON }, { enabled: false }),
      status: 'warn',
      actual: '1 enabled, the last of which ends on 2026-05-20',
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

  it.each([
    ['groups in app-config', ['admin'], false, 'fail', 'names groups'],
    ['no word in app-config', undefined, false, 'warn', 'Bind a group'],
    ['bindings before', undefined, true, 'fail', 'there were bindings before'],
    ['everyone in app-config', [], false, 'warn', 'Bind a group'],
    ['everyone in app-config now', [], true, 'warn', 'Bind a group'],
  ])(
    'should judge an open gateway by what was asked for: %s',
    (_, allowedGroups, wasBound, status, remedy) => {
      const { observed } = inputWith(withBindings());
      const desired = { ...DESIRED, allowedGroups, wasBound };
      expect(bindings.run({ desired, observed })).toMatchObject({
        status,
        actual: 'none',
        remedy: expect.stringContaining(remedy),
        fix: { action: 'restrict-access' },
      });
    },
  );
});

describe('isBound', () => {
  const desired = { ...DESIRED, allowedGroups: undefined };

  it.each<[string, Change, [known: boolean, unknown: boolean]]>([
    ['a binding', withBindings({}), [true, true]],
    ['none', withBindings(), [true, false]],
    ['disabled ones', withBindings({ enabled: false }), [true, false]],
    ['ended ones', withBindings({ expires: PAST }), [true, false]],
    ['no answer', withAuthentik({ bindings: failed() }), [true, false]],
    [
      'no application',
      withAuthentik({ application: ok(undefined) }),
      [false, false],
    ],
  ])('should be known from before, or from %s', (_, change, wanted) => {
    const { observed } = inputWith(change);
    expect(
      [true, false].map(wasBound =>
        isBound({ ...desired, wasBound }, observed),
      ),
    ).toEqual(wanted);
    expect(
      isBound({ ...desired, allowedGroups: [], wasBound: true }, observed),
    ).toBe(false);
  });
});

describe('declaredBindings', () => {
  const link = DESIRED.application.adminUrl;
  const bound = withBindings;

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
      when: 'their binding has ended',
      change: bound({ expires: PAST }),
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
    ['her group, until now', [group('admin', { expires: PAST })], 'yes', 'yes'],
    [
      'her group, until now, and another user',
      [group('admin', { expires: PAST }), user(8)],
      'no',
      'no',
    ],
    [
      'her group, until later',
      [group('admin', { expires: SOON })],
      'yes',
      'yes',
    ],
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
      accessByBindings(found, { policyEngineMode: 'any' }, jane, NOW),
      accessByBindings(found, { policyEngineMode: 'all' }, jane, NOW),
    ]).toEqual([any, every]);
  });
});
