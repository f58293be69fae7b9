import { failed, ok, withGateway } from '../__testUtils__/goodObservation';
import { faultsOf, type CheckCase } from '../__testUtils__/faultsOf';
import { gatewayVersion } from './gatewayVersion';

const withVersion = (version: string | undefined) =>
  withGateway({
    info: ok({ version, authMethod: 'oidc', setupRequired: false }),
  });

describe('gatewayVersion', () => {
  it.each<CheckCase>([
    { when: 'it is a new one', status: 'pass', actual: '1.148.0' },
    {
      when: 'it is the first that knows all',
      change: withVersion('1.38.0'),
      status: 'pass',
    },
    {
      when: 'it is the next major one',
      change: withVersion('v2.0.1'),
      status: 'pass',
    },
    {
      when: 'it is a pre-release',
      change: withVersion('1.148.0-rc.1'),
      status: 'pass',
      actual: '1.148.0-rc.1',
    },
    {
      when: 'it does not know the method',
      change: withVersion('1.37.9'),
      status: 'warn',
      expected: '1.38.0 or newer',
      actual: '1.37.9, which does not know AUTH_METHOD=oidc',
      remedy: 'Upgrade the gateway to 1.38.0',
    },
    {
      when: 'it is the first that reads the groups claim',
      change: withVersion('1.35.0'),
      status: 'warn',
    },
    {
      when: 'it does not read the groups claim',
      change: withVersion('1.34.12'),
      status: 'fail',
      actual: 'does not read IDP_GROUPS_CLAIM',
    },
    {
      when: 'a proxy hides it',
      change: withVersion(undefined),
      status: 'skipped',
      actual: 'does not tell its version',
    },
    {
      when: 'it has no numbers',
      change: withVersion('unknown'),
      status: 'skipped',
      actual: 'unknown',
    },
    {
      when: 'the gateway does not answer',
      change: withGateway({ info: failed() }),
      status: 'unknown',
    },
  ])('should find "$status" when $when', wanted => {
    expect(faultsOf(gatewayVersion, wanted)).toEqual([]);
  });
});
