import { withoutTarget, withState } from '../__testUtils__/goodObservation';
import { faultsOf, type CheckCase } from '../__testUtils__/faultsOf';
import { shadowing } from './shadowing';

describe('shadowing', () => {
  it.each<CheckCase>([
    { when: 'nothing overrides them', status: 'pass' },
    {
      when: 'a setting of ours loses',
      change: withState(state => {
        state.settings.IDP_ISSUER.shadowedBy =
          'a value in the container itself';
      }),
      status: 'fail',
      actual: 'IDP_ISSUER is set by a value in the container itself',
      remedy: 'Remove these keys',
    },
    {
      when: 'IDP_URI is set as well',
      change: withState(state => {
        state.settings.AUTH_METHOD.shadowedBy = 'ConfigMap "other"';
        state.overrides = [
          {
            key: 'IDP_URI',
            source: 'Secret "other"',
            remedy: 'Remove IDP_URI there.',
          },
        ];
      }),
      status: 'fail',
      actual:
        'AUTH_METHOD is set by ConfigMap "other"; IDP_URI is set by Secret "other"',
      remedy: /^Remove IDP_URI there\. Remove these keys/,
    },
    {
      when: 'the cluster does not answer',
      change: withoutTarget,
      status: 'unknown',
    },
  ])('should find "$status" when $when', wanted => {
    expect(faultsOf(shadowing, wanted)).toEqual([]);
  });
});
