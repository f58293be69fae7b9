import {
  ED25519_KEY,
  EXPIRED_KEY,
  PUBLIC_KEY,
  RSA_KEY,
} from '../../application/testing/serverObjects';
import {
  DESIRED,
  failed,
  ok,
  withoutProvider,
  withProviderFields,
} from '../testing/goodObservation';
import { faultsOf, type CheckCase } from '../testing/faultsOf';
import { signingKey } from './signingKey';

const link = DESIRED.application.adminUrl;
const expiring =
  (expiry: string | undefined): CheckCase['change'] =>
  ({ authentik }) => {
    authentik.keyPairs = ok([{ ...RSA_KEY, expiry }]);
  };

describe('signingKey', () => {
  it.each<CheckCase>([
    {
      when: 'it is an RSA key',
      status: 'pass',
      actual: '"authentik Self-signed Certificate"',
      link,
    },
    { when: 'it never expires', change: expiring(undefined), status: 'pass' },
    {
      when: 'it expires in 30 days',
      change: expiring('2026-05-31T12:00:00Z'),
      status: 'pass',
    },
    {
      when: 'it expires a second earlier',
      change: expiring('2026-05-31T11:59:59Z'),
      status: 'warn',
      actual: 'expires on 2026-05-31',
      remedy: 'Renew',
      link,
    },
    {
      when: 'it has expired',
      change: withProviderFields({ signingKey: EXPIRED_KEY.pk }),
      status: 'fail',
      actual: '"Expired": it expired on 2026-04-30',
      link,
    },
    {
      when: 'it is an Ed25519 key',
      change: withProviderFields({ signingKey: ED25519_KEY.pk }),
      status: 'fail',
      actual: 'its key is ed25519',
      remedy: 'chooses a usable certificate',
    },
    {
      when: 'it has no private key',
      change: withProviderFields({ signingKey: PUBLIC_KEY.pk }),
      status: 'fail',
      actual: 'it has no private key',
    },
    {
      when: 'there is none',
      change: withProviderFields({ signingKey: undefined }),
      status: 'fail',
      actual: 'no signing key',
    },
    {
      when: 'it cannot be seen',
      change: withProviderFields({ signingKey: 'hidden' }),
      status: 'fail',
      actual: 'a certificate that this token may not see',
    },
    {
      when: 'there is no provider',
      change: withoutProvider,
      status: 'skipped',
    },
    {
      when: 'the certificates may not be read',
      change: ({ authentik }) => {
        authentik.keyPairs = failed();
      },
      status: 'unknown',
    },
  ])('should find "$status" when $when', wanted => {
    expect(faultsOf(signingKey, wanted)).toEqual([]);
  });
});
