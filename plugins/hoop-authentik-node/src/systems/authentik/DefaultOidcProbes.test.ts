import { issueForLoopback } from '../../http/__testUtils__/certificates';
import { SecretValue } from '../../core';
import { DefaultOidcProbes } from './DefaultOidcProbes';
import { CLIENT_SECRET } from './__testUtils__/everyMethod';
import {
  RECORDED,
  RECORDED_VERSIONS,
  recorded,
  type RecordedName,
} from './__testUtils__/fixtures';
import {
  startServer,
  type CannedAnswer,
  type TestServer,
} from '../../http/__testUtils__/startServer';

/** As in a JWK: DER in base64, without the lines of a PEM file. */
const CERTIFICATE = issueForLoopback().cert.replace(/-----[^-]+-----|\s/g, '');

describe.each(RECORDED_VERSIONS)('DefaultOidcProbes on %s', version => {
  let server: TestServer;
  let probes: DefaultOidcProbes;

  beforeEach(async () => {
    server = await startServer();
    probes = DefaultOidcProbes.create({ name: 'main', baseUrl: server.url });
  });

  afterEach(async () => {
    await probes.close();
    await server.close();
  });

  function answer(what: RecordedName | CannedAnswer): void {
    server.respond(() =>
      typeof what === 'string' ? recorded(version, what) : what,
    );
  }

  it('should say what a document that never comes means for gateways', async () => {
    server.respond(() => 'hang');
    const slow = DefaultOidcProbes.create({
      name: 'slow',
      baseUrl: server.url,
      timeoutMs: 30,
    });
    await expect(slow.getDiscovery('hoop')).rejects.toMatchObject({
      name: 'ServiceUnavailableError',
      message: expect.stringMatching(
        /did not answer within 0\.03 s: GET .*openid-configuration\. A gateway waits for it without a limit when it starts, and opens no port until then\. Check whether it is overloaded/,
      ),
    });
    await slow.close();
  });

  it('should read the discovery document', async () => {
    answer('discovery');
    await expect(probes.getDiscovery('hoop')).resolves.toEqual({
      issuer: 'https://authentik.company/application/o/hoop/',
      authorizationEndpoint:
        'https://authentik.company/application/o/authorize/',
      tokenEndpoint: 'https://authentik.company/application/o/token/',
      jwksUri: 'https://authentik.company/application/o/hoop/jwks/',
      idTokenSigningAlgorithms: ['RS256'],
      scopes: expect.arrayContaining(['openid', 'email', 'profile']),
      claims: expect.arrayContaining(['groups', 'email']),
    });
    // With a trailing slash it is 404.
    expect(server.requests[0].path).toBe(
      '/application/o/hoop/.well-known/openid-configuration',
    );
    expect(server.requests[0].headers).not.toHaveProperty('authorization');
  });

  it('should report that there is no discovery document', async () => {
    answer('noDiscovery');
    await expect(probes.getDiscovery('nope')).resolves.toBeUndefined();
  });

  it.each([
    [{ status: 500, body: 'oops' }, 'server error'],
    [{ status: 200, body: {} }, 'issuer'],
    [
      { status: 200, headers: { 'content-type': 'text/html' }, body: 'Log in' },
      'expected JSON, found 200 with text/html',
    ],
    [{ status: 302, headers: { location: 'https://sso/x' } }, 'https://sso/x'],
  ])('should not accept %j as a discovery document', async (what, text) => {
    answer(what);
    await expect(probes.getDiscovery('hoop')).rejects.toMatchObject({
      name: 'ServiceUnavailableError',
      message: expect.stringContaining(text),
    });
  });

  it('should read the published keys', async () => {
    answer('keys');
    await expect(
      probes.getKeys(`${server.url}/application/o/hoop/jwks/`),
    ).resolves.toEqual([
      { kid: expect.any(String), alg: 'RS256', kty: 'RSA', use: 'sig' },
    ]);
    expect(server.requests[0].path).toBe('/application/o/hoop/jwks/');

    answer({
      status: 200,
      body: {
        keys: [
          { kty: 'RSA', x5c: [CERTIFICATE] },
          { kty: 'RSA', x5c: ['none'] },
        ],
      },
    });
    await expect(probes.getKeys(`${server.url}/x/`)).resolves.toEqual([
      { kty: 'RSA', expiry: expect.stringMatching(/^20\d\d-.*Z$/) },
      { kty: 'RSA' },
    ]);

    answer('noKeys');
    await expect(probes.getKeys(`${server.url}/x/`)).resolves.toEqual([]);
    answer({ status: 404, body: 'no' });
    await expect(probes.getKeys(`${server.url}/x/`)).rejects.toMatchObject({
      name: 'ServiceUnavailableError',
    });
  });

  it('should not fetch keys from another host', async () => {
    for (const uri of ['https://else.example/jwks/', 'jwks', 'file:///etc/x']) {
      await expect(probes.getKeys(uri)).rejects.toMatchObject({
        name: 'ServiceUnavailableError',
        message: expect.stringContaining('not at this instance'),
      });
    }
    expect(server.requests).toHaveLength(0);
  });

  const request = {
    clientId: 'client',
    redirectUri: 'https://hoop.company/api/callback',
    scopes: ['openid', 'email'],
  };

  it('should probe authorize without starting a session', async () => {
    answer('authorizeAccepted');
    await expect(probes.probeAuthorize(request)).resolves.toEqual({
      outcome: 'accepted',
    });
    expect(server.requests[0].path).toBe('/application/o/authorize/');
    expect(Object.fromEntries(server.requests[0].query)).toEqual({
      client_id: 'client',
      redirect_uri: 'https://hoop.company/api/callback',
      response_type: 'code',
      scope: 'openid email',
      state: expect.stringMatching(/^[0-9a-f]{32}$/),
      prompt: 'none',
    });
  });

  it.each([
    ['authorizeLogin', { outcome: 'accepted' }],
    ['authorizeUnknownClient', { outcome: 'client-refused' }],
    ['authorizeWrongRedirectUri', { outcome: 'redirect-uri-refused' }],
    ['authorizePermissionDenied', { outcome: 'error', error: 'http_200' }],
    [
      'authorizeNoGrant',
      version === '2025.10'
        ? { outcome: 'accepted' }
        : { outcome: 'error', error: 'invalid_request' },
    ],
  ] as const)('should read %s', async (name, outcome) => {
    answer(name);
    await expect(probes.probeAuthorize(request)).resolves.toEqual(outcome);
  });

  const back = request.redirectUri;
  it.each([
    [{ status: 404, body: 'no flow' }, 'http_404'],
    [{ status: 400, body: '<h1>Something else</h1>' }, 'http_400'],
    [{ status: 302, headers: { location: back } }, 'unknown'],
    [{ status: 302, headers: { location: `${back}?error=<b>` } }, 'unknown'],
    [
      { status: 302, headers: { location: `${back}#error=access_denied` } },
      'access_denied',
    ],
  ])('should read the objection in %j', async (what, error) => {
    answer(what);
    await expect(probes.probeAuthorize(request)).resolves.toEqual({
      outcome: 'error',
      error,
    });
  });

  it('should not accept every redirect as success', async () => {
    for (const location of [
      'https://sso.company/if/flow/x/',
      '/elsewhere/',
      'http://[',
      'https://hoop.company/api/callback/?error=login_required',
    ]) {
      answer({ status: 302, headers: { location } });
      await expect(probes.probeAuthorize(request)).rejects.toMatchObject({
        name: 'ServiceUnavailableError',
      });
    }
    answer({ status: 500, body: 'oops' });
    await expect(probes.probeAuthorize(request)).rejects.toThrow(
      'server error',
    );
    await expect(
      probes.probeAuthorize({ ...request, redirectUri: '' }),
    ).rejects.toMatchObject({ name: 'InputError' });
  });

  it('should open the sign-in URL without following it or sending credentials', async () => {
    answer('authorizeLogin');
    const query =
      '?client_id=client&redirect_uri=https%3A%2F%2Fhoop.company%2Fapi%2Fcallback&response_type=code&scope=openid+email&state=s';
    const { host } = new URL(server.url);
    await expect(
      probes.probeLoginPage(
        `http://jane:pass@${host}/application/o/authorize/${query}#x`,
      ),
    ).resolves.toEqual({ outcome: 'login-page' });
    expect(server.requests).toHaveLength(1);
    const [{ method, path, query: sent, headers }] = server.requests;
    expect({ method, path }).toEqual({
      method: 'GET',
      path: '/application/o/authorize/',
    });
    expect(`?${new URLSearchParams([...sent])}`).toBe(query);
    expect(headers).not.toHaveProperty('authorization');
    expect(headers).not.toHaveProperty('cookie');
  });

  it.each<[RecordedName | CannedAnswer, object]>([
    ['authorizeLogin', { outcome: 'login-page' }],
    ['authorizeUnknownClient', { outcome: 'client-refused' }],
    ['authorizeWrongRedirectUri', { outcome: 'redirect-uri-refused' }],
    ['authorizePermissionDenied', { outcome: 'error', error: 'http_200' }],
    [{ status: 404, body: 'no flow' }, { outcome: 'no-login-page' }],
    [
      {
        status: 302,
        headers: {
          location: `${request.redirectUri}?error=invalid_request&state=s`,
        },
      },
      { outcome: 'error', error: 'invalid_request' },
    ],
    [
      {
        status: 302,
        headers: { location: 'https://sso.company/if/flow/x/?token=y' },
      },
      { outcome: 'elsewhere', place: 'https://sso.company/if/flow/x/' },
    ],
    [
      { status: 302, headers: { location: 'http://[' } },
      { outcome: 'elsewhere', place: 'no URL' },
    ],
  ])('should determine where a sign-in leads from %j', async (what, found) => {
    answer(what);
    const query = new URLSearchParams({ redirect_uri: request.redirectUri });
    await expect(
      probes.probeLoginPage(`${server.url}/application/o/authorize/?${query}`),
    ).resolves.toEqual(found);
  });

  it('should open no other URL', async () => {
    for (const url of [
      'https://else.example/application/o/authorize/?client_id=x',
      `${server.url}/application/o/token/?client_id=x`,
      `${server.url}/application/o/authorize?client_id=x`,
      'no URL',
    ]) {
      await expect(probes.probeLoginPage(url)).rejects.toMatchObject({
        name: 'InputError',
        message: expect.not.stringContaining('client_id'),
      });
    }
    expect(server.requests).toHaveLength(0);
  });

  it('should not report an outage as a login page', async () => {
    answer({ status: 500, body: 'oops' });
    await expect(
      probes.probeLoginPage(`${server.url}/application/o/authorize/?x=y`),
    ).rejects.toMatchObject({
      name: 'ServiceUnavailableError',
      message: expect.stringContaining('GET /application/o/authorize/'),
    });
  });

  it('should probe the client secret', async () => {
    const secret = {
      clientId: 'client',
      clientSecret: new SecretValue(CLIENT_SECRET),
    };
    answer('revokeRight');
    await expect(probes.probeClientSecret(secret)).resolves.toBe(true);
    const [received] = server.requests;
    expect(received).toMatchObject({
      method: 'POST',
      path: '/application/o/revoke/',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    });
    expect(Object.fromEntries(new URLSearchParams(received.text))).toEqual({
      client_id: 'client',
      client_secret: CLIENT_SECRET,
      token: 'x',
    });

    answer('revokeWrong');
    await expect(probes.probeClientSecret(secret)).resolves.toBe(false);
    answer('unknownUrlOnWrite');
    await expect(probes.probeClientSecret(secret)).rejects.toThrow(
      'server error or unknown URL',
    );
    expect(server.requests).toHaveLength(1);
  });

  it('should stop when the caller aborts', async () => {
    const reason = new Error('enough');
    const signal = AbortSignal.abort(reason);
    await expect(probes.getDiscovery('hoop', { signal })).rejects.toBe(reason);
    await expect(probes.getKeys(`${server.url}/x/`, { signal })).rejects.toBe(
      reason,
    );
    await expect(probes.probeAuthorize(request, { signal })).rejects.toBe(
      reason,
    );
    await expect(
      probes.probeClientSecret(
        { clientId: 'client', clientSecret: new SecretValue('x') },
        { signal },
      ),
    ).rejects.toBe(reason);
  });
});

describe('DefaultOidcProbes', () => {
  it('should report a signing key that authentik cannot publish', async () => {
    const server = await startServer();
    server.respond(() => RECORDED['2026.8'].discoveryOfUnusableKey);
    const probes = DefaultOidcProbes.create({
      name: 'main',
      baseUrl: server.url,
    });
    await expect(probes.getDiscovery('ed')).rejects.toMatchObject({
      name: 'ServiceUnavailableError',
      message: expect.stringContaining('neither RSA nor EC'),
    });
    expect(server.requests).toHaveLength(1);
    await probes.close();
    await server.close();
  });
});
