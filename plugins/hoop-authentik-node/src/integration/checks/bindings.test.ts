import {
  DESIRED,
  failed,
  ok,
  withAuthentik,
} from '../__testUtils__/goodObservation';
import { faultsOf, type CheckCase } from '../__testUtils__/faultsOf';
import { bindings } from './bindings';

const link = DESIRED.application.adminUrl;

describe('bindings', () => {
  it.each<CheckCase>([
    { when: 'there is one', status: 'pass', actual: '1 enabled', link },
    {
      when: 'there is none',
      change: withAuthentik({ bindings: ok([]) }),
      status: 'warn',
      actual: 'none',
      remedy: 'Everyone with an account in authentik may sign in',
      link,
    },
    {
      when: 'all are disabled',
      change: ({ authentik }) => {
        authentik.bindings = ok(
          authentik.bindings.ok
            ? authentik.bindings.value.map(one => ({ ...one, enabled: false }))
            : [],
        );
      },
      status: 'warn',
      actual: 'only disabled ones',
    },
    {
      when: 'there is no application',
      change: withAuthentik({ application: ok(undefined) }),
      status: 'skipped',
    },
    {
      when: 'they may not be read',
      change: withAuthentik({ bindings: failed() }),
      status: 'unknown',
    },
  ])('should find "$status" when $when', wanted => {
    expect(faultsOf(bindings, wanted)).toEqual([]);
  });
});
