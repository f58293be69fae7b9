import { AuthentikPermissionError } from '../../systems/authentik';
import {
  DESIRED,
  failed,
  inputWith,
  withAuthentik,
} from '../__testUtils__/goodObservation';
import { faultsOf, type CheckCase } from '../__testUtils__/faultsOf';
import { permissions } from './permissions';

const refusing =
  (
    ...facts: Array<['application' | 'bindings' | 'keyUses', string?]>
  ): CheckCase['change'] =>
  ({ authentik }) => {
    for (const [fact, permission] of facts) {
      authentik[fact] = {
        ok: false,
        error: new AuthentikPermissionError('no', permission),
      };
    }
  };

describe('permissions', () => {
  it.each<CheckCase>([
    { when: 'every read was allowed', status: 'pass' },
    {
      when: 'the application may not be read',
      change: refusing(['application', 'authentik_core.view_application']),
      status: 'fail',
      actual: 'it lacks the permission authentik_core.view_application',
      remedy: 'Grant authentik_core.view_application globally',
    },
    {
      when: 'what only some checks need may not be read',
      change: refusing(['keyUses', 'authentik_crypto.view_certificatekeypair']),
      status: 'warn',
      actual:
        'it lacks the permission authentik_crypto.view_certificatekeypair',
    },
    {
      when: 'bindings may not be read that app-config promises',
      change: refusing(
        ['bindings', 'authentik_policies.view_policybinding'],
        ['keyUses', 'authentik_crypto.view_certificatekeypair'],
      ),
      status: 'fail',
      actual:
        'it lacks the permissions authentik_policies.view_policybinding, authentik_crypto.view_certificatekeypair',
    },
    {
      when: 'a permission is not named',
      change: refusing(['application']),
      status: 'fail',
      actual: 'no',
      remedy: 'Grant what is missing globally',
    },
    {
      when: 'it cannot be read',
      change: withAuthentik({ application: failed() }),
      status: 'unknown',
    },
  ])('should find "$status" when $when', wanted => {
    expect(faultsOf(permissions, wanted)).toEqual([]);
  });

  it('should only warn of bindings that app-config does not promise', () => {
    const { observed } = inputWith(refusing(['bindings']));
    expect(
      permissions.run({
        desired: { ...DESIRED, allowedGroups: undefined },
        observed,
      }).status,
    ).toBe('warn');
  });
});
