import type { SignInProof } from '../../systems/signIn';
import { failed, ok, withGateway } from '../__testUtils__/goodObservation';
import { faultsOf, type CheckCase } from '../__testUtils__/faultsOf';
import { testAccount } from './testAccount';

const withProof = (proof: SignInProof) => withGateway({ signIn: ok(proof) });

describe('testAccount', () => {
  it.each<CheckCase>([
    {
      when: 'the gateway issues a token',
      status: 'pass',
      actual: 'the gateway issued a token; groups: engineering',
    },
    {
      when: 'it has no groups, but rights',
      change: withProof({ outcome: 'signed-in', groups: [], isAdmin: true }),
      status: 'pass',
      actual: 'groups: none; administrator',
    },
    {
      when: 'authentik refuses it',
      change: withProof({
        outcome: 'refused',
        by: 'authentik',
        reason: 'access is denied',
      }),
      status: 'fail',
      actual: 'authentik does not let it in: access is denied',
      remedy: 'Check the test account',
    },
    {
      when: 'the gateway refuses it',
      change: withProof({
        outcome: 'refused',
        by: 'gateway',
        reason: 'its callback ends in an error',
      }),
      status: 'fail',
      remedy: 'Read the log of the gateway',
    },
    {
      when: 'there is a second factor',
      change: withProof({
        outcome: 'unsupported',
        stage: 'ak-stage-authenticator-validate',
      }),
      status: 'warn',
      expected: 'username, password and at most a consent',
      actual: 'authentik asks for ak-stage-authenticator-validate',
      remedy: 'Exempt the test account',
    },
    {
      when: 'it is better not tried',
      change: withProof({ outcome: 'not-tried', reason: 'nobody yet' }),
      status: 'skipped',
      actual: 'nobody yet',
    },
    {
      when: 'there is none',
      change: withGateway({ signIn: undefined }),
      status: 'skipped',
    },
    {
      when: 'a system is out of reach',
      change: withGateway({ signIn: failed() }),
      status: 'unknown',
    },
  ])('should find "$status" when $when', wanted => {
    expect(faultsOf(testAccount, wanted)).toEqual([]);
  });
});
