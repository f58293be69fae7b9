import {
  DESIRED,
  failed,
  withAuthentik,
  withoutProvider,
  withProviderFields,
} from '../__testUtils__/goodObservation';
import { faultsOf, type CheckCase } from '../__testUtils__/faultsOf';
import { encryptionKey } from './encryptionKey';

const link = DESIRED.application.adminUrl;

describe('encryptionKey', () => {
  it.each<CheckCase>([
    { when: 'there is none', status: 'pass' },
    {
      when: 'there is one',
      change: withProviderFields({ encryptionKey: 'key-rsa' }),
      status: 'fail',
      actual: 'tokens are encrypted',
      remedy: 'removes the encryption key',
      link,
    },
    {
      when: 'there is no provider',
      change: withoutProvider,
      status: 'skipped',
    },
    {
      when: 'it cannot be read',
      change: withAuthentik({ provider: failed() }),
      status: 'unknown',
    },
  ])('should find "$status" when $when', wanted => {
    expect(faultsOf(encryptionKey, wanted)).toEqual([]);
  });
});
