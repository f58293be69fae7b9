import {
  DESIRED,
  failed,
  withAuthentik,
  withoutProvider,
  withProviderFields,
} from '../__testUtils__/goodObservation';
import { faultsOf, type CheckCase } from '../__testUtils__/faultsOf';
import { redirectUri } from './redirectUri';

const link = DESIRED.application.adminUrl;
const STRICT = {
  matchingMode: 'strict',
  url: 'https://hoop.company/api/callback',
  redirectUriType: 'authorization',
};

describe('redirectUri', () => {
  it.each<CheckCase>([
    {
      when: 'it is the only one',
      status: 'pass',
      expected: 'strict https://hoop.company/api/callback',
      link,
    },
    {
      when: 'there is another one',
      change: withProviderFields({
        redirectUris: [{ ...STRICT, url: 'http://localhost/callback' }, STRICT],
      }),
      status: 'warn',
      actual:
        'strict http://localhost/callback, strict https://hoop.company/api/callback',
      link,
    },
    {
      when: 'there is none',
      change: withProviderFields({ redirectUris: [] }),
      status: 'fail',
      actual: 'none',
      remedy: 'adds the redirect URI',
      link,
    },
    {
      when: 'it is a pattern',
      change: withProviderFields({
        redirectUris: [{ ...STRICT, matchingMode: 'regex' }],
      }),
      status: 'fail',
      actual: 'regex https://hoop.company/api/callback',
    },
    {
      when: 'it ends with a slash',
      change: withProviderFields({
        redirectUris: [{ ...STRICT, url: `${STRICT.url}/` }],
      }),
      status: 'fail',
    },
    {
      when: 'it is for signing out',
      change: withProviderFields({
        redirectUris: [{ ...STRICT, redirectUriType: 'logout' }],
      }),
      status: 'fail',
      expected: 'strict https://hoop.company/api/callback',
      actual: /^strict https:\/\/hoop\.company\/api\/callback \(type logout\)$/,
    },
    {
      when: 'there is no provider',
      change: withoutProvider,
      status: 'skipped',
    },
    {
      when: 'the provider may not be read',
      change: withAuthentik({ provider: failed() }),
      status: 'unknown',
    },
  ])('should find "$status" when $when', wanted => {
    expect(faultsOf(redirectUri, wanted)).toEqual([]);
  });
});
