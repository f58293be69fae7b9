import { AuthentikServerError } from '../../systems/authentik';
import { runChecks } from '../checks';
import { fakeSystems } from '../__testUtils__/fakeSystems';
import { DESIRED } from '../__testUtils__/goodObservation';
import { observeIntegration } from './observeIntegration';

describe('where authentik fails over what it publishes', () => {
  const failing = (signingKey: string, fact: 'getDiscovery' | 'getKeys') => {
    const { systems } = fakeSystems();
    const failure = new AuthentikServerError('server error');
    systems.authentik.providers[0].signingKey = signingKey;
    systems.probes[fact].mockRejectedValue(failure);
    return { systems, failure };
  };

  it.each(['getDiscovery', 'getKeys'] as const)(
    'should find the reason of %s in the key, and only then ask for it',
    async fact => {
      const { systems } = failing('key-ed25519', fact);
      const { authentik } = await observeIntegration(systems, DESIRED);
      expect(authentik.keys).toMatchObject({
        ok: false,
        error: { keyType: 'ed25519' },
      });
      expect(systems.authentik.calls).toContain('listKeyPairs');
    },
  );

  it.each(['getDiscovery', 'getKeys'] as const)(
    'should not blame a usable key for %s',
    async fact => {
      const { systems, failure } = failing('key-rsa', fact);
      const { authentik } = await observeIntegration(systems, DESIRED);
      expect(authentik.keys).toEqual({ ok: false, error: failure });
    },
  );

  it('should not blame a key that may not be looked at', async () => {
    const { systems, failure } = failing('key-ed25519', 'getDiscovery');
    systems.authentik.refused.add('listKeyPairs');
    const { authentik } = await observeIntegration(systems, DESIRED);
    expect(authentik.discovery).toEqual({ ok: false, error: failure });
  });

  it.each([
    ['key-ed25519', { fail: ['authentik.signing-key'], unknown: [] }],
    [
      'key-rsa',
      {
        fail: [],
        unknown: expect.arrayContaining([
          'authentik.signing-key',
          'authentik.signingKeyExpiry',
          'authentik.signingKeyShared',
          'authentik.scopes',
          'authentik.discovery',
        ]),
      },
    ],
  ])('should be judged alike by all checks with %s', async (key, wanted) => {
    const { systems } = failing(key, 'getDiscovery');
    const observed = await observeIntegration(systems, DESIRED, {
      loginUrl: true,
    });
    const checks = runChecks({ desired: DESIRED, observed });
    const of = (wantedStatus: string) =>
      checks
        .filter(({ status }) => status === wantedStatus)
        .map(({ id }) => id);
    expect({ fail: of('fail'), unknown: of('unknown') }).toEqual(wanted);
  });
});
