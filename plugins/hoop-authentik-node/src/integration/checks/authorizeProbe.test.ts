import {
  DESIRED,
  failed,
  ok,
  withAuthentik,
  withoutProvider,
} from '../__testUtils__/goodObservation';
import { faultsOf, type CheckCase } from '../__testUtils__/faultsOf';
import { authorizeProbe } from './authorizeProbe';

describe('authorizeProbe', () => {
  it.each<CheckCase>([
    { when: 'authentik accepts', status: 'pass', actual: 'accepted' },
    {
      when: 'authentik refuses the client',
      change: withAuthentik({ authorize: ok({ outcome: 'client-refused' }) }),
      status: 'fail',
      expected: 'the client and https://hoop.company/api/callback are accepted',
      actual: 'client refused',
      link: DESIRED.application.adminUrl,
    },
    {
      when: 'authentik refuses the redirect URI',
      change: withAuthentik({
        authorize: ok({ outcome: 'redirect-uri-refused' }),
      }),
      status: 'fail',
      actual: 'redirect uri refused',
      remedy: 'puts the redirect URI and the grant types right',
    },
    {
      when: 'authentik answers an error',
      change: withAuthentik({
        authorize: ok({
          outcome: 'error',
          error: 'invalid_request',
        }),
      }),
      status: 'fail',
      actual: 'error invalid_request',
    },
    {
      when: 'it must not be probed',
      change: withAuthentik({ authorize: ok(undefined) }),
      status: 'skipped',
      actual: 'not probed while the provider has no redirect URI',
    },
    {
      when: 'there is no provider',
      change: withoutProvider,
      status: 'skipped',
    },
    {
      when: 'authentik does not answer',
      change: withAuthentik({ authorize: failed() }),
      status: 'unknown',
    },
  ])('should find "$status" when $when', wanted => {
    expect(faultsOf(authorizeProbe, wanted)).toEqual([]);
  });
});
