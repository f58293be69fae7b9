import { callbackOf, pathOfApiUrl, rebuiltIssuer } from './gatewayUrls';

describe('redirect URI from API_URL', () => {
  it.each([
    ['https://hoop.company', 'https://hoop.company/api/callback'],
    // As recorded of a gateway.
    ['HTTPS://HOOP.Company', 'https://HOOP.Company/api/callback'],
    ['https://hoop.company:443', 'https://hoop.company:443/api/callback'],
    ['https://hoop.company?x=1', 'https://hoop.company/api/callback'],
    ['https://hoop.company/gw/', 'https://hoop.company/api/callback'],
    ['http://127.0.0.1:8009/', 'http://127.0.0.1:8009/api/callback'],
    ['http://hoop.company:80', 'http://hoop.company:80/api/callback'],
    ['https://hoop.company.', 'https://hoop.company./api/callback'],
    ['https://hoop.bücher.example', 'https://hoop.bücher.example/api/callback'],
    [
      'https://hoop.xn--bcher-kva.example',
      'https://hoop.xn--bcher-kva.example/api/callback',
    ],
    ['https://hoop.company:0443', 'https://hoop.company:0443/api/callback'],
    ['https://[2001:DB8::1]:8443', 'https://[2001:DB8::1]:8443/api/callback'],
    ['https://me:pass@hoop.company', 'https://hoop.company/api/callback'],
    ['https://hoop.company#top', 'https://hoop.company/api/callback'],
  ])('should be built from %s as %s', (apiUrl, callback) => {
    expect(callbackOf(apiUrl)).toBe(callback);
  });

  it.each([
    'hoop.company',
    'hoop.company:8009',
    'https:hoop.company',
    'https:///hoop.company',
    'https:\\\\hoop.company',
    'ftp://hoop.company',
    'https://hoop.company\n',
    ' https://hoop.company',
    '',
  ])('should not be built from %j', apiUrl => {
    expect(callbackOf(apiUrl)).toBeUndefined();
  });

  it.each([
    ['https://hoop.company///', ''],
    ['https://hoop.company/gw/', '/gw'],
    ['https://hoop.company/.', '/.'],
    ['https://hoop.company?x=/y', ''],
  ])('should leave the path of %s out: "%s"', (apiUrl, path) => {
    expect(pathOfApiUrl(apiUrl)).toBe(path);
  });
});

describe('issuer as the gateway rebuilds it', () => {
  it.each([
    ['https://auth.company/application/o/hoop/'],
    ['https://auth.company/application/o/hoop/?_userinfo=1'],
    ['HTTPS://auth.company/application/o/hoop/?_userinfo=0#part'],
    ['https://id:secret@auth.company/application/o/hoop/'],
  ])('should be that of the application for %s', setting => {
    expect(rebuiltIssuer(setting)).toBe(
      'https://auth.company/application/o/hoop/',
    );
  });

  it.each([
    [
      'https://Auth.company/application/o/hoop/',
      'https://Auth.company/application/o/hoop/',
    ],
    [
      'https://auth.company:443/application/o/hoop/',
      'https://auth.company:443/application/o/hoop/',
    ],
    [
      'https://auth.company/application/o/hoop',
      'https://auth.company/application/o/hoop',
    ],
    ['https://auth.company/?b=2&a=1', 'https://auth.company/?a=1&b=2'],
  ])('should keep the spelling of %s', (setting, issuer) => {
    expect(rebuiltIssuer(setting)).toBe(issuer);
  });
});
