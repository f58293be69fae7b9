import { AuthentikServerError } from '../../systems/authentik';
import { CAPABILITIES } from '../../targets';
import { faultsOf, type CheckCase } from '../__testUtils__/faultsOf';
import {
  DESIRED,
  failed,
  ok,
  withoutProvider,
  withProviderFields,
} from '../__testUtils__/goodObservation';
import { UnusableSigningKeyError } from '../observe';
import {
  signingKey,
  signingKeyExpiry,
  signingKeyShared,
} from './authentikSigningKey';

const NEW_KEY = { action: 'repair', newSigningKey: true } as const;

describe('signingKey', () => {
  const link = DESIRED.application.adminUrl;

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
      when: 'its type is not published',
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
      actual: 'its key is ed25519, which authentik cannot publish',
      remedy: 'chooses a usable certificate',
    },
    {
      when: 'authentik fails over publishing a certificate without its private key',
      change: ({ authentik }) => {
        authentik.discovery = {
          ok: false,
          error: new UnusableSigningKeyError('server error', undefined),
        };
        authentik.keys = authentik.discovery;
      },
      status: 'fail',
      actual: 'its certificate has no private key',
      remedy: 'chooses a usable certificate',
      fix: { action: 'repair' },
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
        cause: 'authentik.server-error',
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

describe('signingKeyExpiry', () => {
  const link = DESIRED.application.adminUrl;
  const expiring =
    (expiry: string | undefined): CheckCase['change'] =>
    ({ authentik }) => {
      authentik.keys = ok([{ kty: 'RSA', expiry }]);
    };

  it.each<CheckCase>([
    { when: 'it is valid for a year', status: 'pass', actual: '2027-05-01' },
    {
      when: 'it has no expiry date',
      change: expiring(undefined),
      status: 'pass',
    },
    {
      when: 'it expires in 30 days',
      change: expiring('2026-05-31T12:00:00Z'),
      status: 'pass',
    },
    {
      when: 'it expires a second earlier',
      change: expiring('2026-05-31T11:59:59Z'),
      status: 'warn',
      actual: 'it expires on 2026-05-31',
      remedy: 'All sessions of the gateway end.',
      link,
      fix: NEW_KEY,
    },
    {
      when: 'it expires now',
      change: expiring('2026-05-01T12:00:00Z'),
      status: 'fail',
      actual: 'it expired on 2026-05-01',
      link,
      fix: NEW_KEY,
    },
    {
      when: 'there is no signing key',
      change: withProviderFields({ signingKey: undefined }),
      status: 'skipped',
    },
    {
      when: 'there is no provider',
      change: withoutProvider,
      status: 'skipped',
    },
    {
      when: 'it cannot be read',
      change: ({ authentik }) => {
        authentik.keys = failed();
      },
      status: 'unknown',
    },
  ])('should find "$status" when $when', wanted => {
    expect(faultsOf(signingKeyExpiry, wanted)).toEqual([]);
  });
});

describe('signingKeyShared', () => {
  const link = DESIRED.application.adminUrl;
  const used =
    (...uses: Array<[model: string, pk: string]>): CheckCase['change'] =>
    ({ authentik }) => {
      authentik.keyUses = ok(
        uses.map(([model, pk]) => ({ model, pk, name: 'x' })),
      );
    };

  it.each<CheckCase>([
    { when: 'only this provider uses it', status: 'pass' },
    {
      when: 'something else than a provider uses it too',
      change: used(['oauth2provider', '4'], ['brand', '9']),
      status: 'pass',
    },
    {
      when: 'another provider uses it, for two things',
      change: used(
        ['oauth2provider', '4'],
        ['oauth2provider', '9'],
        ['oauth2provider', '9'],
      ),
      status: 'warn',
      actual: '1 other does',
      remedy: 'All sessions of the gateway end.',
      link,
      fix: NEW_KEY,
    },
    {
      when: 'two others use it',
      change: used(['oauth2provider', '8'], ['oauth2provider', '9']),
      status: 'warn',
      actual: '2 others do',
    },
    {
      when: 'another one uses it, and the gateway cannot be restarted from here',
      change: input => {
        used(['oauth2provider', '9'])!(input);
        input.targetCapabilities = CAPABILITIES.gatewayApi;
      },
      status: 'warn',
      fix: null,
    },
    {
      when: 'there is no signing key',
      change: withProviderFields({ signingKey: undefined }),
      status: 'skipped',
    },
    {
      when: 'there is no provider',
      change: withoutProvider,
      status: 'skipped',
    },
    {
      when: 'it cannot be read',
      change: ({ authentik }) => {
        authentik.keyUses = failed();
      },
      status: 'unknown',
    },
  ])('should find "$status" when $when', wanted => {
    expect(faultsOf(signingKeyShared, wanted)).toEqual([]);
  });
});
