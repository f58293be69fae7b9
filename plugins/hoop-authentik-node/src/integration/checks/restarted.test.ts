import { withoutTarget, withState } from '../__testUtils__/goodObservation';
import { faultsOf, type CheckCase } from '../__testUtils__/faultsOf';
import { restarted } from './restarted';

describe('restarted', () => {
  it.each<CheckCase>([
    { when: 'it runs with the settings', status: 'pass' },
    {
      when: 'it started before',
      change: withState(state => {
        state.settingsInUse = false;
      }),
      status: 'fail',
      actual: 'it started before',
      remedy: 'Restart the gateway',
    },
    {
      when: 'nothing runs',
      change: withState(state => {
        state.settingsInUse = undefined;
      }),
      status: 'skipped',
    },
    {
      when: 'the cluster does not answer',
      change: withoutTarget,
      status: 'unknown',
    },
  ])('should find "$status" when $when', wanted => {
    expect(faultsOf(restarted, wanted)).toEqual([]);
  });
});
