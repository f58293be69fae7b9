import { SecretValue } from '../../core';
import {
  DESIRED,
  failed,
  ok,
  withAuthentik,
  withoutProvider,
  withProviderFields,
} from '../__testUtils__/goodObservation';
import { faultsOf, type CheckCase } from '../__testUtils__/faultsOf';
import { clientSecret } from './clientSecret';

describe('clientSecret', () => {
  it.each<CheckCase>([
    { when: 'it is accepted', status: 'pass', actual: 'accepted' },
    {
      when: 'it is refused',
      change: withAuthentik({ clientSecret: ok(false) }),
      status: 'fail',
      actual: 'refused',
      remedy: 'Set a new client secret',
      link: DESIRED.application.adminUrl,
    },
    {
      when: 'it is empty, which authentik accepts',
      change: withProviderFields({ clientSecret: new SecretValue('') }),
      status: 'fail',
      actual: 'the secret is empty',
    },
    {
      when: 'there is no provider',
      change: withoutProvider,
      status: 'skipped',
    },
    {
      when: 'authentik does not answer',
      change: withAuthentik({ clientSecret: failed() }),
      status: 'unknown',
    },
  ])('should find "$status" when $when', wanted => {
    expect(faultsOf(clientSecret, wanted)).toEqual([]);
  });
});
