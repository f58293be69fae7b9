import {
  DESIRED,
  failed,
  ok,
  withoutProvider,
  withProviderFields,
} from '../__testUtils__/goodObservation';
import { faultsOf, type CheckCase } from '../__testUtils__/faultsOf';
import { signingKeyExpiry } from './signingKeyExpiry';

const link = DESIRED.application.adminUrl;
const expiring =
  (expiry: string | undefined): CheckCase['change'] =>
  ({ authentik }) => {
    authentik.keys = ok([{ kty: 'RSA', expiry }]);
  };

describe('signingKeyExpiry', () => {
  it.each<CheckCase>([
    { when: 'it is valid for a year', status: 'pass', actual: '2027-05-01' },
    {
      when: 'it does not say until when',
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
      remedy: 'Renew',
      link,
    },
    {
      when: 'it expires now',
      change: expiring('2026-05-01T12:00:00Z'),
      status: 'fail',
      actual: 'it expired on 2026-05-01',
      link,
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
