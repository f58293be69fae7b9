import { GOOD_APPLICATION } from '../../application/__testUtils__/goodFacts';
import { SecretValue } from '../../core';
import { faultsOf, type CheckCase } from '../__testUtils__/faultsOf';
import {
  DESIRED,
  failed,
  ok,
  withAuthentik,
  withoutProvider,
  withProviderFields,
} from '../__testUtils__/goodObservation';
import {
  clientSecret,
  encryptionKey,
  grantTypes,
  provider,
  redirectUri,
} from './authentikProvider';

describe('provider', () => {
  const link = DESIRED.application.adminUrl;

  it.each<CheckCase>([
    {
      when: 'it is right',
      status: 'pass',
      actual: 'Provider for Hoop',
      link,
    },
    {
      when: 'the client is public',
      change: withProviderFields({ clientType: 'public' }),
      status: 'fail',
      actual: 'client type public',
      link,
    },
    {
      when: 'claims are left out',
      change: withProviderFields({ includeClaimsInIdToken: false }),
      status: 'fail',
      actual: 'claims are left out of the id_token',
      remedy: 'corrects these fields',
    },
    {
      when: 'several things are wrong',
      change: withProviderFields({
        clientType: 'public',
        includeClaimsInIdToken: false,
      }),
      status: 'fail',
      actual: 'client type public, claims are left out of the id_token',
    },
    {
      when: 'it is of another type',
      change: ({ authentik }) => {
        authentik.application = ok({
          ...GOOD_APPLICATION,
          providerModel: 'authentik_providers_saml.samlprovider',
        });
        authentik.provider = ok(undefined);
      },
      status: 'fail',
      actual: 'authentik_providers_saml.samlprovider',
      remedy: 'another slug',
      link,
    },
    {
      when: 'the application has none',
      change: ({ authentik }) => {
        authentik.application = ok({
          ...GOOD_APPLICATION,
          provider: undefined,
          providerModel: undefined,
        });
        authentik.provider = ok(undefined);
      },
      status: 'fail',
      actual: 'no provider',
      remedy: 'adds a provider',
    },
    {
      when: 'there is no application',
      change: withAuthentik({ application: ok(undefined) }),
      status: 'skipped',
    },
    {
      when: 'it may not be read',
      change: withAuthentik({ provider: failed() }),
      status: 'unknown',
    },
  ])('should find "$status" when $when', wanted => {
    expect(faultsOf(provider, wanted)).toEqual([]);
  });
});

describe('redirectUri', () => {
  const link = DESIRED.application.adminUrl;
  const STRICT = {
    matchingMode: 'strict',
    url: 'https://hoop.company/api/callback',
    redirectUriType: 'authorization',
  };

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

describe('encryptionKey', () => {
  const link = DESIRED.application.adminUrl;

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

describe('grantTypes', () => {
  const link = DESIRED.application.adminUrl;

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
      remedy: 'refuses every sign-in',
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
