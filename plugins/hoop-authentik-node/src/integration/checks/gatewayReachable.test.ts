import {
  failed,
  GATEWAY_URL,
  ok,
  withGateway,
} from '../__testUtils__/goodObservation';
import { faultsOf, type CheckCase } from '../__testUtils__/faultsOf';
import { gatewayReachable } from './gatewayReachable';

describe('gatewayReachable', () => {
  it.each<CheckCase>([
    {
      when: 'it answers',
      status: 'pass',
      actual: 'version 1.148.0',
      link: GATEWAY_URL,
    },
    {
      when: 'it does not tell its version',
      change: withGateway({
        info: ok({
          version: undefined,
          authMethod: 'oidc',
          setupRequired: false,
        }),
      }),
      status: 'pass',
      actual: 'version not told',
    },
    {
      when: 'it does not answer',
      change: withGateway({ info: failed() }),
      status: 'unknown',
    },
  ])('should find "$status" when $when', wanted => {
    expect(faultsOf(gatewayReachable, wanted)).toEqual([]);
  });
});
