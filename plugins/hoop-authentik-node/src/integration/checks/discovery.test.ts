import type { DiscoveryDocument } from '../../systems/authentik/types';
import {
  DESIRED,
  failed,
  goodDiscovery,
  ok,
  withAuthentik,
  withoutProvider,
} from '../__testUtils__/goodObservation';
import { faultsOf, type CheckCase } from '../__testUtils__/faultsOf';
import { discovery } from './discovery';

const link = DESIRED.application.adminUrl;
const withDocument = (change: Partial<DiscoveryDocument>) =>
  withAuthentik({ discovery: ok({ ...goodDiscovery(), ...change }) });

describe('discovery', () => {
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
      change: withAuthentik({ discovery: failed('server error') }),
      status: 'unknown',
      actual: 'server error',
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
