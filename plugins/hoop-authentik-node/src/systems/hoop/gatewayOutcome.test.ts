import { SecretValue } from '../../core';
import {
  GatewayOutcome,
  gatewayOutcome,
  GatewayVariables,
} from './gatewayOutcome';

const complete = {
  IDP_ISSUER: 'https://authentik.company/application/o/hoop/',
  IDP_CLIENT_ID: 'client',
  IDP_CLIENT_SECRET: new SecretValue('hunter2-secret'),
};
const oidc = {
  method: 'oidc' as const,
  from: 'IDP_*' as const,
  issuer: 'https://authentik.company/application/o/hoop/',
  clientId: 'client',
  groupsClaim: 'https://app.hoop.dev/groups',
  scopes: ['openid', 'profile', 'email'],
};
const PROVIDER =
  'failed initializing token verifier provider, reason=failed to initialize provider: ';
const MISSING = {
  fails: `${PROVIDER}missing required oidc attributes (issuer-url, client-id, client-secret)`,
};
const badIssuer = {
  fails: `${PROVIDER}failed to parse OIDC provider options from env: failed parsing IDP_ISSUER env`,
};
const URI =
  'https://client:hunter2-secret@authentik.company/application/o/hoop/';

describe('gatewayOutcome', () => {
  it.each<[string, GatewayVariables, GatewayOutcome]>([
    ['nothing at all', {}, { method: 'local' }],
    [
      'empty values, as the chart renders them',
      { AUTH_METHOD: '', IDP_URI: '', IDP_ISSUER: '' },
      { method: 'local' },
    ],
    ['local', { AUTH_METHOD: 'local' }, { method: 'local' }],
    [
      'local beside IDP_*',
      { AUTH_METHOD: 'local', ...complete },
      { method: 'local' },
    ],
    ['saml', { AUTH_METHOD: 'saml' }, { method: 'saml' }],
    ['oidc', { AUTH_METHOD: 'oidc', ...complete }, oidc],
    ['the alias idp', { AUTH_METHOD: 'idp', ...complete }, oidc],
    ['IDP_* without a method', complete, oidc],
    [
      'a secret method',
      { AUTH_METHOD: new SecretValue('oidc'), ...complete },
      oidc,
    ],
    ['oidc with nothing else', { AUTH_METHOD: 'oidc' }, MISSING],
    ['no client secret', { ...complete, IDP_CLIENT_SECRET: '' }, MISSING],
    [
      'an empty secret',
      { ...complete, IDP_CLIENT_SECRET: new SecretValue('') },
      MISSING,
    ],
    ['no issuer', { ...complete, IDP_ISSUER: '' }, MISSING],
    ['a client id alone', { IDP_CLIENT_ID: 'client' }, MISSING],
    [
      'a groups claim alone',
      { IDP_GROUPS_CLAIM: 'groups' },
      { method: 'local' },
    ],
    [
      'a method in capitals',
      { AUTH_METHOD: 'OIDC', ...complete },
      {
        fails:
          'failed loading gateway configuration, reason=invalid AUTH_METHOD env, got=OIDC',
      },
    ],
    [
      'a method with a space',
      { AUTH_METHOD: 'oidc ', ...complete },
      {
        fails:
          'failed loading gateway configuration, reason=invalid AUTH_METHOD env, got=oidc ',
      },
    ],
    [
      'a method with a line feed',
      { AUTH_METHOD: 'oidc\n', ...complete },
      {
        fails:
          'failed loading gateway configuration, reason=invalid AUTH_METHOD env, got=another value (5 characters)',
      },
    ],
    [
      'an API URL with a line feed',
      { AUTH_METHOD: 'local', API_URL: 'https://hoop\n' },
      {
        fails:
          'failed loading gateway configuration, reason=failed parsing API_URL env',
      },
    ],
    [
      'a groups claim',
      { ...complete, IDP_GROUPS_CLAIM: 'groups' },
      { ...oidc, groupsClaim: 'groups' },
    ],
    ['an empty groups claim', { ...complete, IDP_GROUPS_CLAIM: '' }, oidc],
    [
      'scopes',
      { ...complete, IDP_CUSTOM_SCOPES: ' offline_access,email,, groups ' },
      {
        ...oidc,
        scopes: ['openid', 'profile', 'email', 'offline_access', 'groups'],
      },
    ],
    [
      'an issuer with a line feed',
      { ...complete, IDP_ISSUER: `${complete.IDP_ISSUER}\n` },
      badIssuer,
    ],
    [
      'an issuer with a space',
      { ...complete, IDP_ISSUER: ` ${complete.IDP_ISSUER}` },
      badIssuer,
    ],
    [
      'an issuer without a scheme',
      { ...complete, IDP_ISSUER: 'authentik.company/o/hoop/' },
      badIssuer,
    ],
    [
      'an issuer without a final slash, kept as it is',
      { ...complete, IDP_ISSUER: 'https://authentik.company' },
      { ...oidc, issuer: 'https://authentik.company' },
    ],
    [
      'an issuer that is rebuilt',
      {
        ...complete,
        IDP_ISSUER:
          'HTTPS://u:p@authentik.company:8443/o/%7Ea/?b=2&_userinfo=1&a=1#f',
      },
      { ...oidc, issuer: 'https://authentik.company:8443/o/%7Ea/?a=1&b=2' },
    ],
    [
      'an IDP_URI',
      { IDP_URI: new SecretValue(URI) },
      { ...oidc, from: 'IDP_URI' },
    ],
    [
      'an IDP_URI that overrides all others',
      {
        ...complete,
        IDP_CLIENT_ID: 'other',
        IDP_GROUPS_CLAIM: 'groups',
        IDP_CUSTOM_SCOPES: 'x',
        IDP_URI: URI,
      },
      { ...oidc, from: 'IDP_URI' },
    ],
    [
      'an IDP_URI with options',
      {
        IDP_URI: `${URI}?groupsclaim=groups&scopes=offline_access&_userinfo=1&z=1`,
      },
      {
        ...oidc,
        from: 'IDP_URI',
        issuer: `${oidc.issuer}?z=1`,
        groupsClaim: 'groups',
        scopes: [...oidc.scopes, 'offline_access'],
      },
    ],
    [
      'an IDP_URI that is encoded',
      { IDP_URI: 'https://cli%40ent:s%2Fx@authentik.company/' },
      {
        ...oidc,
        from: 'IDP_URI',
        clientId: 'cli@ent',
        issuer: 'https://authentik.company/',
      },
    ],
    [
      'an IDP_URI without credentials',
      { IDP_URI: 'https://authentik.company/' },
      {
        fails: `${PROVIDER}failed to parse OIDC provider options from env: missing credentials for IDP_URI env`,
      },
    ],
    [
      'an IDP_URI without a secret',
      { IDP_URI: 'https://client@authentik.company/' },
      MISSING,
    ],
    [
      'an IDP_URI that is badly encoded',
      { IDP_URI: 'https://cli%zz:s@authentik.company/' },
      {
        fails: `${PROVIDER}failed to parse OIDC provider options from env: failed parsing IDP_URI env`,
      },
    ],
    [
      'an IDP_URI that is not a URL',
      { IDP_URI: 'authentik' },
      {
        fails: `${PROVIDER}failed to parse OIDC provider options from env: failed parsing IDP_URI env`,
      },
    ],
    [
      'local beside an IDP_URI',
      { AUTH_METHOD: 'local', IDP_URI: URI },
      { method: 'local' },
    ],
  ])('should predict the outcome of %s', (_, variables, outcome) => {
    expect(gatewayOutcome(variables)).toEqual(outcome);
    expect(JSON.stringify(gatewayOutcome(variables))).not.toContain('hunter2');
  });
});
