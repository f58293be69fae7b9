import { GOOD_APPLICATION } from '../../application/__testUtils__/goodFacts';
import {
  DESIRED,
  failed,
  ok,
  withAuthentik,
  withProviderFields,
} from '../__testUtils__/goodObservation';
import { faultsOf, type CheckCase } from '../__testUtils__/faultsOf';
import { provider } from './provider';

const link = DESIRED.application.adminUrl;

describe('provider', () => {
  it.each<CheckCase>([
    {
      when: 'it is as required',
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
      remedy: 'puts these fields right',
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
      remedy: 'joins a provider',
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
