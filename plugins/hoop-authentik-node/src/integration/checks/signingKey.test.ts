import { AuthentikServerError } from '../../systems/authentik';
import {
  DESIRED,
  failed,
  ok,
  withoutProvider,
  withProviderFields,
} from '../__testUtils__/goodObservation';
import { UnusableSigningKeyError } from '../observe/UnusableSigningKeyError';
import { faultsOf, type CheckCase } from '../__testUtils__/faultsOf';
import { signingKey } from './signingKey';

const link = DESIRED.application.adminUrl;

describe('signingKey', () => {
  it.each<CheckCase>([
    { when: 'it is an RSA key', status: 'pass', actual: 'RSA' },
    {
      when: 'it is an EC key beside one for encryption',
      change: ({ authentik }) => {
        authentik.keys = ok([
          { kty: 'oct', use: 'enc' },
          { kty: 'EC', use: 'sig' },
        ]);
      },
      status: 'pass',
      actual: 'EC',
    },
    {
      when: 'its type is not told',
      change: ({ authentik }) => {
        authentik.keys = ok([{ alg: 'RS256' }]);
      },
      status: 'pass',
      actual: 'RS256',
    },
    {
      when: 'it is of another type',
      change: ({ authentik }) => {
        authentik.keys = ok([{ kty: 'OKP' }]);
      },
      status: 'fail',
      actual: 'its key is OKP',
      remedy: 'chooses a usable certificate',
      link,
    },
    {
      when: 'authentik fails over publishing it',
      change: ({ authentik }) => {
        authentik.discovery = {
          ok: false,
          error: new UnusableSigningKeyError('server error', 'ed25519'),
        };
        authentik.keys = authentik.discovery;
      },
      status: 'fail',
      actual: 'its key is ed25519, which authentik fails to publish',
      remedy: 'chooses a usable certificate',
    },
    ...(['discovery', 'keys'] as const).map(
      (fact): CheckCase => ({
        when: `authentik fails over the ${fact}, and nothing says that the key is why`,
        change: ({ authentik }) => {
          const failure = {
            ok: false as const,
            error: new AuthentikServerError(
              'server error: an outage, or a signing key that is neither RSA nor EC',
            ),
          };
          authentik[fact] = failure;
          authentik.keys = failure;
        },
        status: 'unknown',
        actual: 'an outage, or',
      }),
    ),
    {
      when: 'there is none',
      change: withProviderFields({ signingKey: undefined }),
      status: 'fail',
      actual: 'no signing key',
    },
    {
      when: 'no key is published',
      change: ({ authentik }) => {
        authentik.keys = ok([]);
      },
      status: 'fail',
      actual: 'no published key',
    },
    {
      when: 'there is no provider',
      change: withoutProvider,
      status: 'skipped',
    },
    {
      when: 'the keys cannot be read',
      change: ({ authentik }) => {
        authentik.keys = failed();
      },
      status: 'unknown',
    },
  ])('should find "$status" when $when', wanted => {
    expect(faultsOf(signingKey, wanted)).toEqual([]);
  });
});
