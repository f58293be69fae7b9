import {
  DESIRED,
  withoutProvider,
  withProviderFields,
} from '../__testUtils__/goodObservation';
import { faultsOf, type CheckCase } from '../__testUtils__/faultsOf';
import { grantTypes } from './grantTypes';

const link = DESIRED.application.adminUrl;

describe('grantTypes', () => {
  it.each<CheckCase>([
    {
      when: 'both are there, in any order',
      status: 'pass',
      expected: 'authorization_code, refresh_token',
      link,
    },
    {
      when: 'there are more',
      change: withProviderFields({
        grantTypes: ['password', 'authorization_code', 'refresh_token'],
      }),
      status: 'pass',
    },
    {
      when: 'sessions cannot be refreshed',
      change: withProviderFields({ grantTypes: ['authorization_code'] }),
      status: 'warn',
      actual: 'authorization_code',
      remedy: 'refreshed',
      link,
    },
    {
      when: 'the code is missing',
      change: withProviderFields({ grantTypes: ['refresh_token'] }),
      status: 'fail',
      actual: 'refresh_token',
      remedy: 'refuses every login',
      link,
    },
    {
      when: 'there is none',
      change: withProviderFields({ grantTypes: [] }),
      status: 'fail',
      actual: 'none',
    },
    {
      when: 'the server knows none',
      change: withProviderFields({ grantTypes: undefined }),
      status: 'skipped',
      actual: 'does not restrict',
    },
    {
      when: 'there is no provider',
      change: withoutProvider,
      status: 'skipped',
    },
  ])('should find "$status" when $when', wanted => {
    expect(faultsOf(grantTypes, wanted)).toEqual([]);
  });
});
