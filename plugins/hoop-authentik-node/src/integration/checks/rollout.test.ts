import { withoutTarget, withState } from '../__testUtils__/goodObservation';
import { faultsOf, type CheckCase } from '../__testUtils__/faultsOf';
import { rollout } from './rollout';

describe('rollout', () => {
  it.each<CheckCase>([
    { when: 'it is complete', status: 'pass', actual: '1 of 1 updated' },
    {
      when: 'it goes on',
      change: withState(state => {
        state.rollout = { done: false, line: '0 of 1 updated', problems: [] };
      }),
      status: 'fail',
      actual: '0 of 1 updated',
      remedy: 'Wait for the rollout',
    },
    {
      when: 'a container crashes after it',
      change: withState(state => {
        state.rollout.problems = ['container "hoopgateway" ended'];
      }),
      status: 'fail',
      actual: '1 of 1 updated; container "hoopgateway" ended',
      remedy: 'Read the log',
    },
    {
      when: 'the cluster does not answer',
      change: withoutTarget,
      status: 'unknown',
    },
  ])('should find "$status" when $when', wanted => {
    expect(faultsOf(rollout, wanted)).toEqual([]);
  });
});
