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
