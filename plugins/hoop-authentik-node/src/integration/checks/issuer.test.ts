import type { DiscoveryDocument } from '../../systems/authentik/types';
import { faultsOf, type CheckCase } from '../__testUtils__/faultsOf';
import {
  all,
  DESIRED,
  failed,
  goodDiscovery,
  ok,
  withAuthentik,
  withoutProvider,
  withProviderFields,
} from '../__testUtils__/goodObservation';
import { authorize, discovery, issuerMode } from './issuer';

describe('issuerMode', () => {
  const link = DESIRED.application.adminUrl;
  const globally = (issuer: string) =>
    all(
      withProviderFields({ issuerMode: 'global' }),
      withAuthentik({ discovery: ok({ ...goodDiscovery(), issuer }) }),
    );

  it.each<CheckCase>([
    { when: 'it is per provider', status: 'pass', actual: 'per_provider' },
    {
      when: 'it is global',
      change: globally('https://auth.company/'),
      status: 'fail',
      expected: 'per_provider: https://auth.company/application/o/hoop/',
      actual: 'global: https://auth.company/',
      remedy: 'sets the issuer mode',
      link,
    },
    {
      when: 'it is another one that gives the same issuer',
      change: globally(DESIRED.issuer),
      status: 'pass',
    },
    {
      when: 'it is global and there is no document',
      change: all(
        withProviderFields({ issuerMode: 'global' }),
        withAuthentik({ discovery: ok(undefined) }),
      ),
      status: 'fail',
      actual: 'no issuer',
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
    expect(faultsOf(issuerMode, wanted)).toEqual([]);
  });
});

describe('discovery', () => {
  const link = DESIRED.application.adminUrl;
  const withDocument = (change: Partial<DiscoveryDocument>) =>
    withAuthentik({ discovery: ok({ ...goodDiscovery(), ...change }) });

  it.each<CheckCase>([
    {
      when: 'it is exact',
      status: 'pass',
      expected: 'issuer https://auth.company/application/o/hoop/',
      actual: 'https://auth.company/application/o/hoop/, RS256, 1 key',
    },
    {
      when: 'there are two keys',
      change: withAuthentik({ keys: ok([{}, {}]) }),
      status: 'pass',
      actual: '2 keys',
    },
    {
      when: 'there is no document',
      change: withAuthentik({ discovery: ok(undefined) }),
      status: 'fail',
      actual: 'no discovery document (404)',
      remedy: 'public URL',
      link,
    },
    {
      when: 'the issuer lacks the slash at its end',
      change: withDocument({
        issuer: 'https://auth.company/application/o/hoop',
      }),
      status: 'fail',
      actual: /^issuer https:\/\/auth\.company\/application\/o\/hoop$/,
      remedy: 'per_provider',
      link,
    },
    {
      when: 'the issuer has another host',
      change: withDocument({ issuer: 'http://authentik/application/o/hoop/' }),
      status: 'fail',
      actual: 'issuer http://authentik/application/o/hoop/',
    },
    {
      when: 'tokens are signed with the client secret',
      change: withDocument({ idTokenSigningAlgorithms: ['HS256'] }),
      status: 'fail',
      expected: 'an asymmetric signing algorithm',
      actual: 'HS256',
      remedy: 'sets a signing key',
      link,
    },
    {
      when: 'no key is published',
      change: withAuthentik({ keys: ok([]) }),
      status: 'fail',
      expected: 'at least one published key',
      actual: 'none',
      link,
    },
    {
      when: 'there is no provider',
      change: withoutProvider,
      status: 'skipped',
    },
    {
      when: 'the document cannot be read',
      change: withAuthentik({ discovery: failed() }),
      status: 'unknown',
    },
    {
      when: 'the keys cannot be read',
      change: withAuthentik({ keys: failed() }),
      status: 'unknown',
    },
  ])('should find "$status" when $when', wanted => {
    expect(faultsOf(discovery, wanted)).toEqual([]);
  });
});

describe('authorize', () => {
  it.each<CheckCase>([
    { when: 'authentik accepts', status: 'pass', actual: 'accepted' },
    {
      when: 'authentik refuses the client',
      change: withAuthentik({ authorize: ok({ outcome: 'client-refused' }) }),
      status: 'fail',
      expected: 'the client and https://hoop.company/api/callback are accepted',
      actual: 'client refused',
      link: DESIRED.application.adminUrl,
    },
    {
      when: 'authentik refuses the redirect URI',
      change: withAuthentik({
        authorize: ok({ outcome: 'redirect-uri-refused' }),
      }),
      status: 'fail',
      actual: 'redirect uri refused',
      remedy: 'corrects the redirect URI and the grant types',
    },
    {
      when: 'authentik answers an error',
      change: withAuthentik({
        authorize: ok({
          outcome: 'error',
          error: 'invalid_request',
        }),
      }),
      status: 'fail',
      actual: 'error invalid_request',
    },
    {
      when: 'it must not be probed',
      change: withAuthentik({ authorize: ok(undefined) }),
      status: 'skipped',
      actual: 'not probed while the provider has no redirect URI',
    },
    {
      when: 'there is no provider',
      change: withoutProvider,
      status: 'skipped',
    },
    {
      when: 'authentik does not answer',
      change: withAuthentik({ authorize: failed() }),
      status: 'unknown',
    },
  ])('should find "$status" when $when', wanted => {
    expect(faultsOf(authorize, wanted)).toEqual([]);
  });
});
