import { AuthentikPermissionError } from '../../systems/authentik';
import { failed, withAuthentik } from '../__testUtils__/goodObservation';
import { faultsOf, type CheckCase } from '../__testUtils__/faultsOf';
import { authentikReachable } from './authentikReachable';

describe('authentikReachable', () => {
  it.each<CheckCase>([
    { when: 'authentik answers', status: 'pass', actual: 'version 2026.8.0' },
    {
      when: 'nobody has asked for its version yet',
      change: withAuthentik({ version: undefined }),
      status: 'pass',
    },
    {
      when: 'it refuses the token',
      change: withAuthentik({
        application: failed('authentik refused our token'),
      }),
      status: 'unknown',
      actual: 'authentik refused our token',
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
