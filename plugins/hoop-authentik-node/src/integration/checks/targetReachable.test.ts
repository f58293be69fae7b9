import { failed } from '../__testUtils__/goodObservation';
import { faultsOf, type CheckCase } from '../__testUtils__/faultsOf';
import { targetReachable } from './targetReachable';

describe('targetReachable', () => {
  it.each<CheckCase>([
    { when: 'it can be read', status: 'pass', actual: '1 of 1 updated' },
    {
      when: 'the cluster refuses',
      change: observed => {
        observed.target = failed('cannot get secrets "x"');
      },
      status: 'unknown',
      actual: 'cannot get secrets "x"',
    },
  ])('should find "$status" when $when', wanted => {
    expect(faultsOf(targetReachable, wanted)).toEqual([]);
  });
});
