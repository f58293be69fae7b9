import {
  DESIRED,
  failed,
  ok,
  withAuthentik,
} from '../__testUtils__/goodObservation';
import { faultsOf, type CheckCase } from '../__testUtils__/faultsOf';
import { application } from './application';

describe('application', () => {
  it.each<CheckCase>([
    {
      when: 'it exists',
      status: 'pass',
      actual: '"Hoop" (hoop)',
      link: DESIRED.application.adminUrl,
    },
    {
      when: 'it does not',
      change: withAuthentik({ application: ok(undefined) }),
      status: 'fail',
      expected: 'an application with the slug "hoop"',
      actual: 'none',
      remedy: 'creates the application',
    },
    {
      when: 'authentik could not be asked',
      change: withAuthentik({ application: failed() }),
      status: 'unknown',
      actual: 'out of reach',
    },
  ])('should find "$status" when $when', wanted => {
    expect(faultsOf(application, wanted)).toEqual([]);
  });
});
