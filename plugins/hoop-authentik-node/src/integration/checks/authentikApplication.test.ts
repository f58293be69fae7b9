import { AuthentikPermissionError } from '../../systems/authentik';
import { faultsOf, type CheckCase } from '../__testUtils__/faultsOf';
import {
  DESIRED,
  failed,
  refusedToken,
  inputWith,
  ok,
  withAuthentik,
} from '../__testUtils__/goodObservation';
import {
  application,
  authentikReachable,
  permissions,
} from './authentikApplication';

describe('authentikReachable', () => {
  it.each<CheckCase>([
    { when: 'authentik answers', status: 'pass', actual: 'version 2026.8.0' },
    {
      when: 'its version is not known yet',
      change: withAuthentik({ version: undefined }),
      status: 'pass',
    },
    {
      when: 'it refuses the token',
      change: withAuthentik({ application: refusedToken() }),
      status: 'unknown',
      cause: 'authentik.token-refused',
      actual: 'authentik refuses the API token',
    },
    {
      when: 'the token may not see the application',
      change: withAuthentik({
        application: {
          ok: false,
          error: new AuthentikPermissionError('no'),
        },
      }),
      status: 'pass',
    },
  ])('should find "$status" when $when', wanted => {
    expect(faultsOf(authentikReachable, wanted)).toEqual([]);
  });
});

describe('permissions', () => {
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
      remedy: 'Grant the missing permission globally',
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

describe('application', () => {
  it.each<CheckCase>([
    {
      when: 'it exists',
      status: 'pass',
      actual: '"Hoop" (hoop)',
      link: DESIRED.application.adminUrl,
    },
    {
      when: 'it does not',
      change: withAuthentik({ application: ok(undefined) }),
      status: 'fail',
      expected: 'an application with the slug "hoop"',
      actual: 'none',
      remedy: 'creates the application',
    },
    {
      when: 'authentik could not be asked',
      change: withAuthentik({ application: failed() }),
      status: 'unknown',
      cause: 'authentik.failed',
    },
  ])('should find "$status" when $when', wanted => {
    expect(faultsOf(application, wanted)).toEqual([]);
  });
});
