import { failed, ok, withGateway } from '../__testUtils__/goodObservation';
import { faultsOf, type CheckCase } from '../__testUtils__/faultsOf';
import { authMethod } from './authMethod';

const gatewaySays = (method: string, status: 'pass' | 'fail'): CheckCase => ({
  when: `the gateway says ${method}`,
  change: withGateway({
    info: ok({
      version: undefined,
      authMethod: method,
      setupRequired: false,
    }),
  }),
  status,
  actual: method,
});

describe('authMethod', () => {
  it.each<CheckCase>([
    gatewaySays('oidc', 'pass'),
    gatewaySays('idp', 'pass'),
    { ...gatewaySays('local', 'fail'), expected: 'oidc', remedy: 'restart' },
    gatewaySays('saml', 'fail'),
    {
      when: 'the gateway does not answer',
      change: withGateway({ info: failed() }),
      status: 'unknown',
    },
  ])('should find "$status" when $when', wanted => {
    expect(faultsOf(authMethod, wanted)).toEqual([]);
  });
});
