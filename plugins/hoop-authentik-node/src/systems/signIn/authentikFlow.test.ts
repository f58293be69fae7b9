import { SecretValue } from '../../core';
import { answerChallenge } from './authentikFlow';

const ACCOUNT = {
  username: 'probe',
  password: new SecretValue('the-password'),
};

const FAILED = { password: [{ string: 'the-password?', code: 'invalid' }] };

describe('answerChallenge', () => {
  it.each([
    [
      { component: 'ak-stage-identification', password_fields: false },
      { post: { component: 'ak-stage-identification', uid_field: 'probe' } },
    ],
    [
      { component: 'ak-stage-identification', password_fields: true },
      {
        post: {
          component: 'ak-stage-identification',
          uid_field: 'probe',
          password: 'the-password',
        },
      },
    ],
    [
      { component: 'ak-stage-password' },
      { post: { component: 'ak-stage-password', password: 'the-password' } },
    ],
    [
      { component: 'ak-stage-consent', token: 'abc' },
      { post: { component: 'ak-stage-consent', token: 'abc' } },
    ],
    [
      { component: 'ak-stage-user-login' },
      { post: { component: 'ak-stage-user-login', remember_me: false } },
    ],
    [{ component: 'xak-flow-redirect', to: '/next' }, { to: '/next' }],
    [
      { component: 'ak-stage-access-denied', error_message: 'no' },
      { refused: 'access denied' },
    ],
    [
      { component: 'ak-stage-password', response_errors: FAILED },
      { refused: 'username or password rejected' },
    ],
    [
      { component: 'ak-stage-consent', response_errors: FAILED },
      { refused: 'the answer to ak-stage-consent was rejected' },
    ],
    [
      { component: 'ak-stage-authenticator-validate' },
      { unsupported: 'ak-stage-authenticator-validate' },
    ],
    [{ component: '<b>' }, { unsupported: 'an unknown stage' }],
    [{ component: 'xak-flow-redirect' }, undefined],
    [{ detail: 'no' }, undefined],
    ['a page', undefined],
  ])('should answer %j', (challenge, answer) => {
    expect(answerChallenge(challenge, ACCOUNT)).toEqual(answer);
  });
});
