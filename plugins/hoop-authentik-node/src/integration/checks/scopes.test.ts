import {
  DESIRED,
  failed,
  goodDiscovery,
  ok,
  withAuthentik,
  withoutProvider,
  withProviderFields,
} from '../__testUtils__/goodObservation';
import { faultsOf, type CheckCase } from '../__testUtils__/faultsOf';
import { scopes } from './scopes';

const link = DESIRED.application.adminUrl;

const mapping = (...names: string[]): CheckCase['change'] =>
  withAuthentik({ discovery: ok({ ...goodDiscovery(), scopes: names }) });

describe('scopes', () => {
  it.each<CheckCase>([
    {
      when: 'all are mapped',
      status: 'pass',
      expected: 'openid, email, profile',
      link,
    },
    {
      when: 'more are mapped',
      change: mapping('email', 'profile', 'offline_access', 'openid'),
      status: 'pass',
    },
    {
      when: 'two are missing',
      change: mapping('openid'),
      status: 'fail',
      actual: 'openid',
      remedy: 'adds the mapping of email, profile',
      link,
    },
    {
      when: 'none is mapped, although the document always lists openid',
      change: withProviderFields({ propertyMappings: [] }),
      status: 'fail',
      actual: 'none',
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
  ])('should find "$status" when $when', wanted => {
    expect(faultsOf(scopes, wanted)).toEqual([]);
  });
});
