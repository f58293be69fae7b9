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
import { faultsOf, type CheckCase } from '../__testUtils__/faultsOf';
import { issuerMode } from './issuerMode';

const link = DESIRED.application.adminUrl;
const globally = (issuer: string) =>
  all(
    withProviderFields({ issuerMode: 'global' }),
    withAuthentik({ discovery: ok({ ...goodDiscovery(), issuer }) }),
  );

describe('issuerMode', () => {
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
