import {
  environmentAuthMethod,
  parseApiUrl,
  resolveAuthMethod,
  resolveOidcOptions,
  scopesOf,
  StoredAuthConfig,
} from './configuration';
import { parseGoUrl } from './goUrl';
import { groupsAfterSignIn, groupsFromClaim } from './groups';
import { isGatewayImage, versionOfImage } from './runtime';

const variables = {
  IDP_ISSUER: 'https://auth.example/application/o/hoop/',
  IDP_CLIENT_ID: 'id',
  IDP_CLIENT_SECRET: 'secret',
};

const stored: StoredAuthConfig = {
  auth_method: 'oidc',
  oidc_config: {
    issuer_url: 'https://stored.example/',
    client_id: 'stored-id',
    client_secret: 'stored-secret',
    scopes: ['openid', 'email', 'profile', 'extra'],
    audience: '',
    groups_claim: '',
  },
  saml_config: null,
  provider_name: 'other',
  api_key: null,
  rollout_api_key: null,
  webapp_users_management_status: 'active',
  admin_role_name: 'admin',
  auditor_role_name: 'auditor',
};

describe('environmentAuthMethod', () => {
  it.each<[Record<string, string>, string]>([
    [{}, 'local'],
    [{ AUTH_METHOD: '' }, 'local'],
    [{ AUTH_METHOD: 'local', ...variables }, 'local'],
    [{ IDP_ISSUER: 'x' }, 'oidc'],
    [{ IDP_CLIENT_ID: 'x' }, 'oidc'],
    [{ IDP_CLIENT_SECRET: 'x' }, 'oidc'],
    [{ IDP_URI: 'x' }, 'oidc'],
    [{ IDP_GROUPS_CLAIM: 'groups' }, 'local'],
    [{ AUTH_METHOD: 'oidc' }, 'oidc'],
    [{ AUTH_METHOD: 'idp' }, 'idp'],
    [{ AUTH_METHOD: 'saml' }, 'saml'],
  ])('%j means %s', (env, expected) => {
    expect(environmentAuthMethod(env)).toBe(expected);
  });

  it.each(['OIDC', ' oidc', 'oidc ', 'ldap'])('refuses %j', method => {
    expect(() => environmentAuthMethod({ AUTH_METHOD: method })).toThrow(
      `failed loading gateway configuration, reason=invalid AUTH_METHOD env, got=${method}`,
    );
  });
});

describe('resolveOidcOptions', () => {
  it('takes the separate variables, with the default claim of the environment', () => {
    expect(resolveOidcOptions(variables, undefined)).toEqual({
      issuerUrl: 'https://auth.example/application/o/hoop/',
      clientId: 'id',
      clientSecret: 'secret',
      audience: '',
      customScopes: [],
      groupsClaim: 'https://app.hoop.dev/groups',
      withUserInfo: false,
    });
    expect(
      resolveOidcOptions({ ...variables, IDP_GROUPS_CLAIM: '' }, undefined)
        .groupsClaim,
    ).toBe('https://app.hoop.dev/groups');
    expect(
      resolveOidcOptions(
        { ...variables, IDP_GROUPS_CLAIM: 'groups' },
        undefined,
      ).groupsClaim,
    ).toBe('groups');
  });

  it('lets a non-empty IDP_URI beat them all, except the audience', () => {
    const options = resolveOidcOptions(
      {
        ...variables,
        IDP_AUDIENCE: 'aud',
        IDP_GROUPS_CLAIM: 'groups',
        IDP_CUSTOM_SCOPES: 'x',
        IDP_URI:
          'https://uri%2Fid:uri%40secret@uri.example/o/hoop/?groupsclaim=roles&scopes=a,b&_userinfo=1&z=1&b=2',
      },
      undefined,
    );
    expect(options).toEqual({
      issuerUrl: 'https://uri.example/o/hoop/?b=2&z=1',
      clientId: 'uri/id',
      clientSecret: 'uri@secret',
      audience: 'aud',
      customScopes: ['a', 'b'],
      groupsClaim: 'roles',
      withUserInfo: true,
    });
  });

  it('lets the stored configuration beat the environment whole', () => {
    const options = resolveOidcOptions(
      { ...variables, IDP_URI: 'https://a:b@c/' },
      stored,
    );
    expect(options).toMatchObject({
      issuerUrl: 'https://stored.example/',
      clientId: 'stored-id',
      groupsClaim: 'groups',
      customScopes: ['extra'],
      withUserInfo: false,
    });
    expect(resolveAuthMethod({ AUTH_METHOD: 'local' }, stored)).toBe('oidc');
  });

  it('lets each half of the stored row be absent by itself', () => {
    const half = { ...stored, auth_method: null, oidc_config: null };
    expect(resolveAuthMethod({ AUTH_METHOD: 'local' }, half)).toBe('local');
    expect(resolveOidcOptions(variables, half).clientId).toBe('id');
  });

  it.each(['IDP_ISSUER', 'IDP_CLIENT_ID', 'IDP_CLIENT_SECRET'])(
    'misses %s',
    key => {
      expect(() =>
        resolveOidcOptions({ ...variables, [key]: '' }, undefined),
      ).toThrow('missing required oidc attributes');
    },
  );

  it('drops userinfo, fragment and _userinfo from the issuer', () => {
    const options = resolveOidcOptions(
      {
        ...variables,
        IDP_ISSUER: 'https://u:p@auth.example/o/hoop/?_userinfo=1#part',
      },
      undefined,
    );
    expect(options.issuerUrl).toBe('https://auth.example/o/hoop/');
    expect(options.withUserInfo).toBe(true);
  });

  it('trims, de-duplicates and appends the scopes', () => {
    const options = resolveOidcOptions(
      { ...variables, IDP_CUSTOM_SCOPES: ' a, openid,a ,offline_access' },
      undefined,
    );
    expect(scopesOf(options)).toEqual([
      'openid',
      'profile',
      'email',
      'a',
      'offline_access',
    ]);
  });
});

describe('parseApiUrl', () => {
  it.each([
    ['', 'http://127.0.0.1:8009/api/callback', ''],
    ['https://hoop.example///', 'https://hoop.example/api/callback', ''],
    ['https://hoop.example:8443', 'https://hoop.example:8443/api/callback', ''],
    [
      'https://hoop.example/prefix/',
      'https://hoop.example/api/callback',
      '/prefix',
    ],
  ])('%j calls back at %s', (API_URL, redirectUri, path) => {
    expect(parseApiUrl({ API_URL })).toMatchObject({ redirectUri, path });
  });

  it('does not complain about a missing scheme, and is unusable', () => {
    expect(parseApiUrl({ API_URL: 'hoop.example' }).redirectUri).toBe(
      ':///api/callback',
    );
  });
});

describe('parseGoUrl', () => {
  it.each([
    ['https://x/\n', 'net/url: invalid control character in URL'],
    [' https://x/', 'first path segment in URL cannot contain colon'],
    ['https://a b/', 'invalid character " " in host name'],
    ['https://x:port/', 'invalid port ":port" after host'],
    [':x', 'missing protocol scheme'],
  ])('refuses %j', (url, reason) => {
    expect(() => parseGoUrl(url)).toThrow(
      `parse ${JSON.stringify(url)}: ${reason}`,
    );
  });

  it('encodes a space in the path, so that the issuer does not match later', () => {
    expect(parseGoUrl('https://x/slug/ ').path).toBe('/slug/%20');
  });
});

describe('groups', () => {
  it.each([
    [undefined, undefined],
    [null, undefined],
    [5, undefined],
    ['a,b', ['a,b']],
    ['', []],
    [[], []],
    [
      ['a', 1, 'b'],
      ['a', 'b'],
    ],
  ])('claim %j gives %j', (claim, expected) => {
    expect(groupsFromClaim(claim)).toEqual(expected);
  });

  it.each([
    ['first user becomes admin', [], ['x'], true, ['x', 'admin']],
    ['claim replaces groups', ['old'], ['new'], false, ['new']],
    ['absent claim keeps groups', ['old'], undefined, false, ['old']],
    ['empty claim clears groups', ['old'], [], false, []],
    ['admin stays admin', ['admin'], [], false, ['admin']],
    ['claim makes admin', [], ['admin'], false, ['admin']],
  ])('%s', (_title, current, claimed, isFirstUser, expected) => {
    expect(
      groupsAfterSignIn({ current, claimed, isFirstUser, adminGroup: 'admin' }),
    ).toEqual(expected);
  });
});

describe('image', () => {
  it.each([
    ['hoophq/hoop:1.38.3', true, '1.38.3'],
    ['docker.io/hoophq/hoop:latest', true, '1.148.0'],
    ['hoophq/hoop@sha256:abc', true, '1.148.0'],
    ['hoophq/hoopdev', true, '1.148.0'],
    ['example/hoophq/hoop', false, '1.148.0'],
    ['nginx:1.27.0', false, '1.27.0'],
  ])('%s', (image, isGateway, version) => {
    expect(isGatewayImage(image)).toBe(isGateway);
    expect(versionOfImage(image)).toBe(version);
  });
});
