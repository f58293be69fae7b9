import { ConfigReader } from '@backstage/config';
import type { JsonObject } from '@backstage/types';
import { redirectUriOf } from '../application';
import { readHoopAuthentikConfig } from './readConfig';

const INSTANCE = { baseUrl: 'https://auth.company', token: 'the-token' };
const GATEWAY = {
  name: 'prod',
  url: 'https://hoop.company',
  target: { type: 'envFile' },
};

const read = (instance: JsonObject, gateway: JsonObject = {}) =>
  readHoopAuthentikConfig(
    new ConfigReader({
      hoopAuthentik: {
        authentik: [{ ...INSTANCE, ...instance }],
        gateways: [{ ...GATEWAY, ...gateway }],
      },
    }),
  );

describe('url of a gateway in app-config', () => {
  it.each([
    ['https://Hoop.Company', 'https://Hoop.Company/api/callback'],
    ['https://hoop.company:443/', 'https://hoop.company:443/api/callback'],
    ['HTTPS://hoop.company', 'https://hoop.company/api/callback'],
    ['https://hoop.company.', 'https://hoop.company./api/callback'],
    ['https://hoop.bücher.example', 'https://hoop.bücher.example/api/callback'],
    ['https://[2001:db8::1]:8443', 'https://[2001:db8::1]:8443/api/callback'],
  ])('should give %s the redirect URI %s', (url, redirectUri) => {
    const [gateway] = read({}, { url }).gateways;
    expect(redirectUriOf(gateway.url)).toBe(redirectUri);
  });

  it.each([
    'https:hoop.company',
    'https:///hoop.company',
    'https:\\\\hoop.company',
    'https://@hoop.company',
    'https://hoop.company?',
    'https://hoop.company#',
    'https://hoop\u200b.company',
  ])('should refuse %s, of which the gateway makes another one', url => {
    expect(() => read({}, { url })).toThrow(
      'hoopAuthentik.gateways[0].url must be a scheme, "://" and a host',
    );
  });

  it.each(['https://hoop.company/.', 'https://hoop.company/%2e/'])(
    'should refuse the path of %s',
    url => {
      expect(() => read({}, { url })).toThrow('without a path');
    },
  );

  it('should refuse a host that is written in hexadecimal', () => {
    expect(() => read({}, { url: 'https://hoop%2ecompany' })).toThrow(
      'hoopAuthentik.gateways[0].url must be',
    );
  });
});

describe('baseUrl of authentik in app-config', () => {
  it.each([
    ['https://Auth.company', 'https://auth.company'],
    ['https://auth.company:443/', 'https://auth.company'],
    ['HTTPS://auth.company', 'https://auth.company'],
    ['https://auth.bücher.example', 'https://auth.xn--bcher-kva.example'],
    ['https://auth.company/a/../sso', 'https://auth.company/sso'],
    ['https://auth.company?', 'https://auth.company'],
  ])('should refuse %s and name %s', (baseUrl, expected) => {
    expect(() => read({ baseUrl })).toThrow(
      `hoopAuthentik.authentik[0].baseUrl must be written as authentik is asked for it, since the issuer starts with it byte for byte: expected "${expected}", found`,
    );
  });

  it.each(['https://auth.company.', 'https://auth.company:9443/sso'])(
    'should accept %s',
    baseUrl => {
      expect(read({ baseUrl }).authentik[0].baseUrl).toBe(baseUrl);
    },
  );
});

describe('access of a system in app-config', () => {
  it('should be read for both systems', () => {
    const access = {
      internalUrl: 'https://internal.company:9443/',
      headers: { 'CF-Access-Client-Id': ' an id.access ' },
      clientCertificate: { certFile: 'tls.crt', keyFile: 'tls.key' },
      timeout: { seconds: 40 },
    };
    const { authentik, gateways } = read(access, access);
    for (const one of [authentik[0], gateways[0]]) {
      expect(one).toMatchObject({
        internalUrl: 'https://internal.company:9443',
        clientCertificate: access.clientCertificate,
        timeoutMs: 40_000,
      });
      expect(one.headers?.['CF-Access-Client-Id'].reveal()).toBe(
        'an id.access',
      );
      expect(JSON.stringify(one)).not.toContain('an id.access');
    }
  });

  it.each([
    [
      { internalUrl: 'http://authentik.svc' },
      'internalUrl must be an https URL',
    ],
    [
      { internalUrl: 'https://internal.company/sso' },
      'internalUrl must be an origin',
    ],
    [{ internalUrl: 'internal:9000' }, 'internalUrl must be an http(s) URL'],
    [{ headers: { Host: 'x' } }, 'headers must name HTTP headers'],
    [{ headers: { authorization: 'x' } }, 'headers must name HTTP headers'],
    [{ headers: { 'X-Forwarded-Proto': 'x' } }, 'found "X-Forwarded-Proto"'],
    [{ headers: { 'a b': 'x' } }, 'found "a b"'],
    [
      { headers: { 'x-token': 'hush\r\nhost: evil' } },
      'headers.x-token must be one line',
    ],
    [{ headers: { 'x-token': ' ' } }, 'headers.x-token'],
    [{ clientCertificate: { certFile: 'a' } }, 'clientCertificate.keyFile'],
    [{ timeout: { seconds: 0 } }, 'timeout must be more than 0'],
    [{ timeout: { seconds: 81 } }, 'at most 80 seconds'],
  ])('should be refused: %j', (access: JsonObject, message) => {
    for (const [section, reading] of [
      ['authentik', () => read(access)],
      ['gateways', () => read({}, access)],
    ] as const) {
      expect(reading).toThrow(message);
      expect(reading).toThrow(`hoopAuthentik.${section}[0].`);
      expect(reading).not.toThrow('hush');
    }
  });

  it('should allow a plain internal URL where something else encrypts it', () => {
    const [instance] = read({
      internalUrl: 'http://authentik.svc:9000',
      dangerouslyAllowHttp: true,
    }).authentik;
    expect(instance.internalUrl).toBe('http://authentik.svc:9000');
  });
});

describe('credential of authentik in app-config', () => {
  const OAUTH = { clientId: 'backstage', clientSecret: 'the-secret' };
  const readWithout = (instance: JsonObject) => {
    const [{ credential }] = read({ token: undefined, ...instance }).authentik;
    expect(JSON.stringify(credential)).not.toContain('the-secret');
    return credential;
  };

  it.each([
    [{ tokenFile: '/run/token' }, { tokenFile: '/run/token' }],
    [
      { oauth: { clientId: 'backstage', tokenFile: '/run/jwt' } },
      {
        oauth: {
          clientId: 'backstage',
          credential: { tokenFile: '/run/jwt' },
        },
      },
    ],
    [{ oauth: OAUTH }, { oauth: { clientId: 'backstage' } }],
  ])('should be read: %j', (instance: JsonObject, credential) => {
    expect(readWithout(instance)).toMatchObject(credential);
  });

  it.each([
    [{}, "Missing required config value at 'hoopAuthentik.authentik[0].token'"],
    [
      { token: 'the-token', tokenFile: 'x' },
      'hoopAuthentik.authentik[0] must have one of "token", "tokenFile" and "oauth"; found "token" and "tokenFile"',
    ],
    [{ token: 'the-token', oauth: OAUTH }, 'found "token" and "oauth"'],
    [{ oauth: { clientId: 'x' } }, 'oauth must have either'],
    [{ oauth: { ...OAUTH, tokenFile: 'x' } }, 'found both'],
    [{ oauth: { clientSecret: 'the-secret' } }, 'oauth.clientId'],
    [
      { oauth: { ...OAUTH, clientSecret: 'the-secret two' } },
      'hoopAuthentik.authentik[0].oauth.clientSecret must be one line',
    ],
  ])('should be refused: %j', (instance: JsonObject, message) => {
    const reading = () => read({ token: undefined, ...instance });
    expect(reading).toThrow(message);
    expect(reading).not.toThrow('the-secret');
  });
});

describe('groups and scopes of a gateway in app-config', () => {
  it.each([
    [
      ['engineering ', ' operations'],
      ['engineering', 'operations'],
    ],
    [['a', 'a '], ['a']],
    [['two words'], ['two words']],
  ])('should have the groups %j without blanks', (allowedGroups, groups) => {
    expect(read({}, { allowedGroups }).gateways[0].allowedGroups).toEqual(
      groups,
    );
  });

  it.each([
    [{ allowedGroups: ['a', ' '] }, 'allowedGroups must list names'],
    [{ allowedGroups: ['\t'] }, 'allowedGroups must list names'],
    [{ groupsClaim: '' }, 'groupsClaim'],
    [{ groupsClaim: 'my groups' }, 'groupsClaim must be the name of a claim'],
    [{ extraScopes: ['a,b'] }, 'extraScopes must list scopes'],
    [{ extraScopes: ['a b'] }, 'extraScopes must list scopes'],
    [{ extraScopes: [' '] }, 'extraScopes must list names'],
  ])('should be refused: %j', (gateway: JsonObject, message) => {
    expect(() => read({}, gateway)).toThrow(message);
  });

  it('should be read', () => {
    expect(
      read(
        {},
        {
          groupsClaim: 'https://app.hoop.dev/groups',
          extraScopes: ['goauthentik.io/api', 'offline_access'],
        },
      ).gateways[0],
    ).toMatchObject({
      groupsClaim: 'https://app.hoop.dev/groups',
      extraScopes: ['goauthentik.io/api', 'offline_access'],
    });
  });
});
