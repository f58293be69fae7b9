import { failed, ok, withGateway } from '../__testUtils__/goodObservation';
import { faultsOf, type CheckCase } from '../__testUtils__/faultsOf';
import { oidcLoaded } from './oidcLoaded';

describe('oidcLoaded', () => {
  it.each<CheckCase>([
    { when: 'it is', status: 'pass' },
    {
      when: 'a gateway with OpenID Connect has not',
      change: withGateway({ oidcLoaded: ok(false) }),
      status: 'fail',
      remedy: 'can reach authentik',
    },
    {
      when: 'the gateway uses local accounts',
      change: ({ gateway }) => {
        gateway.oidcLoaded = ok(false);
        gateway.info = ok({
          version: undefined,
          authMethod: 'local',
          setupRequired: false,
        });
      },
      status: 'skipped',
    },
    {
      when: 'the gateway does not answer',
      change: withGateway({ oidcLoaded: failed() }),
      status: 'unknown',
    },
  ])('should find "$status" when $when', wanted => {
    expect(faultsOf(oidcLoaded, wanted)).toEqual([]);
  });
});
