import { GOOD_APPLICATION } from '../../application/__testUtils__/goodFacts';
import type { AuthentikBinding } from '../../systems/authentik/types';
import {
  all,
  type Change,
  DESIRED,
  failed,
  inputWith,
  ok,
  withAuthentik,
} from '../__testUtils__/goodObservation';
import { faultsOf, type CheckCase } from '../__testUtils__/faultsOf';
import { declaredBindings } from './declaredBindings';

const link = DESIRED.application.adminUrl;
const bound =
  (...changed: Array<Partial<AuthentikBinding>>): Change =>
  ({ authentik }) => {
    const [one] = authentik.bindings.ok ? authentik.bindings.value : [];
    authentik.bindings = ok(changed.map(fields => ({ ...one, ...fields })));
  };

describe('declaredBindings', () => {
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
