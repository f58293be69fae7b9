import type { GatewayLoginUrl } from '../../hoop/types';
import {
  failed,
  goodLoginUrl,
  ok,
  withoutProvider,
} from '../testing/goodObservation';
import { faultsOf, type CheckCase } from '../testing/faultsOf';
import type { ObservedIntegration } from '../types';
import { loginUrl } from './loginUrl';

const withUrl =
  (change: Partial<GatewayLoginUrl>) =>
  ({ gateway }: ObservedIntegration) => {
    gateway.loginUrl = ok({ ...goodLoginUrl(), ...change });
  };

describe('loginUrl', () => {
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
      change: observed => {
        withUrl({ endpoint: 'https://other.company/authorize' })(observed);
        observed.authentik.discovery = ok(undefined);
      },
      status: 'fail',
      expected: 'endpoint https://auth.company/application/o/authorize/',
      actual: 'endpoint https://other.company/authorize',
    },
    {
      when: 'it has another client',
      change: withUrl({ clientId: 'other' }),
      status: 'fail',
      expected: 'client id the-client-id',
      actual: 'client id other',
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
      actual: 'client id other, response type token',
    },
    {
      when: 'nobody asked for it',
      change: ({ gateway }) => {
        gateway.loginUrl = undefined;
      },
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
      change: ({ gateway }) => {
        gateway.loginUrl = failed();
      },
      status: 'unknown',
    },
    {
      when: 'the endpoint is not known',
      change: ({ authentik }) => {
        authentik.discovery = failed();
      },
      status: 'unknown',
    },
  ])('should find "$status" when $when', wanted => {
    expect(faultsOf(loginUrl, wanted)).toEqual([]);
  });
});
