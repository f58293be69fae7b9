import {
  DESIRED,
  failed,
  withoutProvider,
  withProviderFields,
} from '../testing/goodObservation';
import { faultsOf, type CheckCase } from '../testing/faultsOf';
import { scopes } from './scopes';

const link = DESIRED.application.adminUrl;

describe('scopes', () => {
  it.each<CheckCase>([
    {
      when: 'all are mapped',
      status: 'pass',
      expected: 'openid, email, profile',
      link,
    },
    {
      when: 'one is mapped by an object that somebody made',
      change: withProviderFields({
        propertyMappings: ['map-openid-custom', 'map-email', 'map-profile'],
      }),
      status: 'pass',
    },
    {
      when: 'two are missing',
      change: withProviderFields({ propertyMappings: ['map-openid'] }),
      status: 'fail',
      actual: 'openid',
      remedy: 'adds the mapping of email, profile',
      link,
    },
    {
      when: 'none is mapped',
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
      when: 'the mappings may not be read',
      change: ({ authentik }) => {
        authentik.scopeMappings = failed();
      },
      status: 'unknown',
    },
  ])('should find "$status" when $when', wanted => {
    expect(faultsOf(scopes, wanted)).toEqual([]);
  });
});
