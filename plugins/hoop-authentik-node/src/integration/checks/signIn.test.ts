import { GOOD_PROVIDER } from '../../application/__testUtils__/goodFacts';
import { SecretValue } from '../../core';
import type { LoginPageProbe } from '../../systems/authentik/types';
import type { GatewayLoginUrl } from '../../systems/hoop/types';
import type { SignInProof } from '../../systems/signIn';
import { faultsOf, type CheckCase } from '../__testUtils__/faultsOf';
import {
  all,
  CLIENT_SECRET,
  DESIRED,
  failed,
  goodAuthConfig,
  goodDiscovery,
  goodLoginUrl,
  ok,
  withAuthentik,
  withGateway,
  withoutProvider,
  withState,
} from '../__testUtils__/goodObservation';
import { loginUrl, testAccount } from './signIn';

describe('loginUrl', () => {
  const INTERNAL_ENDPOINT = 'https://internal.company/application/o/authorize/';

  const withUrl = (change: Partial<GatewayLoginUrl>) =>
    withGateway({ loginUrl: ok({ ...goodLoginUrl(), ...change }) });

  const withPage = (page: LoginPageProbe) =>
    withGateway({ loginPage: ok(page) });

  it.each<CheckCase>([
    {
      when: 'it leads to this application',
      status: 'pass',
      actual: 'https://auth.company/application/o/authorize/',
    },
    {
      when: 'the scopes come in another order, with more',
      change: withUrl({
        scopes: ['email', 'offline_access', 'openid', 'profile'],
      }),
      status: 'pass',
    },
    {
      when: 'it leads elsewhere',
      change: withUrl({ endpoint: 'https://other.company/authorize' }),
      status: 'fail',
      expected: 'endpoint https://auth.company/application/o/authorize/',
      actual: 'endpoint https://other.company/authorize',
    },
    {
      when: 'it leads to another authentik, while this one has no discovery document',
      change: all(
        withUrl({ endpoint: 'https://other.company/authorize' }),
        withAuthentik({ discovery: ok(undefined) }),
      ),
      status: 'fail',
      expected: 'endpoint https://auth.company/application/o/authorize/',
      actual: 'endpoint https://other.company/authorize',
    },
    {
      when: 'authentik says of itself that it is elsewhere, as it does behind a proxy',
      change: all(
        withUrl({ endpoint: INTERNAL_ENDPOINT }),
        withAuthentik({
          discovery: ok({
            ...goodDiscovery(),
            authorizationEndpoint: INTERNAL_ENDPOINT,
          }),
        }),
        withGateway({ loginPage: undefined }),
      ),
      status: 'fail',
      expected: 'endpoint https://auth.company/application/o/authorize/',
      actual: `endpoint ${INTERNAL_ENDPOINT}`,
      remedy: 'proxy in front of authentik',
    },
    {
      when: 'authentik has no flow to sign people in with',
      change: withPage({ outcome: 'no-login-page' }),
      status: 'fail',
      expected: 'the login page of https://auth.company',
      actual: '404',
      remedy: 'Choose an authentication flow',
    },
    {
      when: 'a proxy wants a login of its own',
      change: withPage({ outcome: 'elsewhere', place: 'https://sso.company/' }),
      status: 'fail',
      actual: 'a redirect to https://sso.company/',
      remedy: 'proxy in front of authentik',
    },
    {
      when: 'authentik refuses the redirect URI',
      change: withPage({ outcome: 'redirect-uri-refused' }),
      status: 'fail',
      actual: 'redirect uri refused',
      link: DESIRED.application.adminUrl,
    },
    {
      when: 'authentik sends people back with an error',
      change: withPage({ outcome: 'error', error: 'invalid_request' }),
      status: 'fail',
      actual: 'error invalid_request',
    },
    {
      when: 'the login page does not answer',
      change: withGateway({ loginPage: failed() }),
      status: 'unknown',
    },
    {
      when: 'the login page must not be opened',
      change: withGateway({ loginPage: undefined }),
      status: 'skipped',
    },
    {
      when: 'the state is none of the gateway',
      change: withUrl({ state: 'a-state' }),
      status: 'fail',
      expected: 'state a UUID',
      actual: /^state another value$/,
      remedy: 'between this backend and the gateway',
    },
    {
      when: 'there is no state',
      change: withUrl({ state: undefined }),
      status: 'fail',
      actual: 'state (unset)',
    },
    {
      when: 'it has another client',
      change: withUrl({ clientId: 'other' }),
      status: 'fail',
      expected: 'client id the-client-id',
      actual: 'client id another value (5 characters)',
    },
    {
      when: 'the client secret is where the client id should be',
      change: withUrl({ clientId: CLIENT_SECRET }),
      status: 'fail',
      expected: 'client id the-client-id',
      actual: /^client id the client secret$/,
    },
    {
      when: 'id and secret are swapped, and authentik has another secret by now',
      change: all(
        withUrl({ clientId: 'the-old-secret' }),
        withState(state => {
          state.settings.IDP_CLIENT_SECRET.value = new SecretValue(
            GOOD_PROVIDER.clientId,
          );
        }),
      ),
      status: 'fail',
      actual: /^client id the client secret$/,
    },
    {
      when: 'the secret that the gateway has stored is where the client id should be',
      change: all(withUrl({ clientId: 'the-old-secret' }), ({ gateway }) => {
        gateway.authConfig = ok(
          goodAuthConfig({}, { client_secret: 'the-old-secret' }),
        );
      }),
      status: 'fail',
      actual: /^client id the client secret$/,
    },
    {
      when: 'it has no client',
      change: withUrl({ clientId: undefined }),
      status: 'fail',
      actual: 'client id (unset)',
    },
    {
      when: 'it has another redirect URI',
      change: withUrl({ redirectUri: 'http://localhost:8009/api/callback' }),
      status: 'fail',
      expected: 'redirect URI https://hoop.company/api/callback',
      actual: 'redirect URI http://localhost:8009/api/callback',
      remedy: 'API_URL',
    },
    {
      when: 'it asks for no code',
      change: withUrl({ responseType: undefined }),
      status: 'fail',
      expected: 'response type code',
      actual: 'response type (unset)',
    },
    {
      when: 'it asks for too few scopes',
      change: withUrl({ scopes: ['openid'] }),
      status: 'fail',
      expected: 'scopes openid email profile',
      actual: 'scopes openid',
    },
    {
      when: 'several things are wrong',
      change: withUrl({ clientId: 'other', responseType: 'token' }),
      status: 'fail',
      actual:
        'client id another value (5 characters), response type another value (5 characters)',
    },
    {
      when: 'it was not asked for',
      change: withGateway({ loginUrl: undefined }),
      status: 'skipped',
      actual: 'only asked for when a sign-in is verified',
    },
    {
      when: 'there is no provider',
      change: withoutProvider,
      status: 'skipped',
    },
    {
      when: 'the gateway does not answer',
      change: withGateway({ loginUrl: failed() }),
      status: 'unknown',
    },
    {
      when: 'the endpoint is not known',
      change: withAuthentik({ discovery: failed() }),
      status: 'unknown',
    },
  ])('should find "$status" when $when', wanted => {
    expect(faultsOf(loginUrl, wanted)).toEqual([]);
  });
});

describe('testAccount', () => {
  const withProof = (proof: SignInProof) => withGateway({ signIn: ok(proof) });

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
      actual: 'authentik refuses it: access is denied',
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
      change: withProof({ outcome: 'not-tried', reason: 'no one yet' }),
      status: 'skipped',
      actual: 'no one yet',
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
