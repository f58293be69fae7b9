import { DefaultHoopClient } from './DefaultHoopClient';
import { everythingOf, failureOf } from '../kubernetes/__testUtils__/failure';
import { fixture } from '../kubernetes/__testUtils__/fixtures';
import {
  LoopbackServer,
  send,
} from '../kubernetes/__testUtils__/LoopbackServer';

const PAGE = '<!doctype html><title>Hoop</title>';
const html = { 'content-type': 'text/html; charset=utf-8' };
const UUID_4 =
  /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

describe('DefaultHoopClient', () => {
  let server: LoopbackServer;
  let client: DefaultHoopClient;

  beforeEach(async () => {
    server = await LoopbackServer.start();
    client = DefaultHoopClient.create({
      name: 'main',
      url: `${server.url}/`,
      ca: fixture('ca.crt'),
    });
  });

  afterEach(async () => {
    await server.stop();
    await client.close();
  });

  it('should keep the URL without a trailing slash', () => {
    expect(client.url).toBe(server.url);
  });

  describe('getInfo', () => {
    it.each([
      ['hoopgateway/1.148.0', '1.148.0'],
      ['hoopgateway/1.148.0-rc.1', '1.148.0-rc.1'],
      ['nginx', undefined],
      ['', undefined],
    ])('should read the version from %j', async (header, version) => {
      server.answer(
        200,
        { auth_method: 'local', setup_required: true },
        { server: header },
      );
      expect(await client.getInfo()).toEqual({
        version,
        authMethod: 'local',
        setupRequired: true,
      });
      expect(server.last).toMatchObject({
        method: 'GET',
        path: '/api/publicserverinfo',
        query: {},
      });
    });

    it('should not treat an old gateway, which omits setup_required, as set up', async () => {
      server.answer(
        200,
        { auth_method: 'oidc' },
        { server: 'hoopgateway/1.59.1' },
      );
      expect(await client.getInfo()).toEqual({
        version: '1.59.1',
        authMethod: 'oidc',
        setupRequired: undefined,
      });
    });

    it.each<[string, number, string | object, Record<string, string>, RegExp]>([
      [
        'the page of the web UI',
        200,
        PAGE,
        html,
        /expected JSON from a Hoop gateway, found 200 with text\/html: check the URL/,
      ],
      [
        'an unknown path',
        404,
        '404 page not found',
        {},
        /found 404 with text\/plain: check the URL/,
      ],
      [
        'an ingress without a gateway',
        503,
        PAGE,
        html,
        /found 503 with text\/html: the gateway is starting or not running/,
      ],
      [
        'other JSON',
        200,
        { ok: true },
        {},
        /\(HTTP 200\): unexpected response format: auth_method \(/,
      ],
      [
        'broken JSON',
        200,
        '{"auth_method"',
        { 'content-type': 'application/json' },
        /found 200 with application\/json$/,
      ],
      [
        'a gateway without its database',
        500,
        { message: 'internal server error' },
        {},
        /the gateway answered 500 \(“internal server error”\)/,
      ],
      [
        'a redirect',
        302,
        '',
        { location: 'https://login.example' },
        /found 302/,
      ],
    ])('should reject %s', async (_, code, body, headers, message) => {
      server.answer(code, body, { ...headers, 'retry-after': '0' });
      const error = await failureOf(client.getInfo());
      expect(error.name).toBe('ServiceUnavailableError');
      expect(error.message).toMatch(message);
      expect(error.message).toContain(
        `gateway "main" (${server.url}): GET /api/publicserverinfo`,
      );
      expect(error.message).not.toContain('doctype');
      expect(error).not.toHaveProperty('status');
      expect(error).not.toHaveProperty('statusCode');
    });
  });

  describe('hasOidcLoaded', () => {
    it('should infer it from a callback that is refused for its state', async () => {
      server.answer(400, {
        message: 'failed to retrieve login state internally',
      });
      expect(await client.hasOidcLoaded()).toBe(true);
      expect(server.last.path).toBe('/api/callback');
      expect(server.last.query.state).toMatch(UUID_4);
      const first = server.last.query.state;
      server.answer(403, { message: 'OIDC provider not configured' });
      expect(await client.hasOidcLoaded()).toBe(false);
      expect(server.last.query.state).not.toBe(first);
    });

    it('should report false if the provider cannot be loaded', async () => {
      server.answer(500, {
        message: 'internal server error, failed loading IDP provider',
      });
      expect(await client.hasOidcLoaded()).toBe(false);
    });

    it.each([
      [400, PAGE],
      [403, PAGE],
      [200, PAGE],
      [401, PAGE],
    ])('should draw no conclusion from %d with a page', async (code, body) => {
      server.answer(code, body, html);
      await expect(client.hasOidcLoaded()).rejects.toMatchObject({
        name: 'ServiceUnavailableError',
      });
    });
  });

  describe('getLoginUrl', () => {
    const url =
      'https://authentik.company/application/o/authorize/?client_id=abc&redirect_uri=https%3A%2F%2Fhoop.company%2Fapi%2Fcallback&response_type=code&scope=openid+profile+email&state=7f1e';

    it('should parse the login URL', async () => {
      server.answer(200, { login_url: url });
      expect(await client.getLoginUrl()).toEqual({
        url,
        endpoint: 'https://authentik.company/application/o/authorize/',
        clientId: 'abc',
        redirectUri: 'https://hoop.company/api/callback',
        responseType: 'code',
        scopes: ['openid', 'profile', 'email'],
        state: '7f1e',
      });
      expect(server.last).toMatchObject({ path: '/api/login', query: {} });
      server.answer(200, { login_url: 'https://authentik.company/' });
      expect(await client.getLoginUrl()).toEqual({
        url: 'https://authentik.company/',
        endpoint: 'https://authentik.company/',
        scopes: [],
      });
    });

    it.each<[number, string | object, RegExp]>([
      [
        403,
        { message: 'OIDC provider not configured' },
        /does not use OpenID sign-in \(403: “OIDC provider not configured”\)/,
      ],
      [
        500,
        { message: 'internal server error, failed loading IDP provider' },
        /cannot load its identity provider/,
      ],
      [200, { login_url: '://127.0.0.1' }, /expected login_url to be a URL/],
      [200, { login_url: 5 }, /unexpected response format: login_url \(/],
      [422, { message: 'x'.repeat(500) }, /answered 422 \(“x{200}…”\)/],
      [422, { message: 'a\nb\u001b[2J' }, /answered 422 \(“a b”\)$/],
    ])('should report %d %j', async (code, body, message) => {
      server.answer(code, body);
      const error = await failureOf(client.getLoginUrl());
      expect(error.name).toBe('ServiceUnavailableError');
      expect(error.message).toMatch(message);
      expect(server.requests).toHaveLength(1);
    });
  });

  it('should retry a call while the ingress finds no gateway', async () => {
    let calls = 0;
    server.handler = (_, response) => {
      if (++calls > 1) {
        return { auth_method: 'oidc' };
      }
      send(response, 503, PAGE, { ...html, 'retry-after': '0' });
      return undefined;
    };
    expect(await client.getInfo()).toMatchObject({ authMethod: 'oidc' });
  });

  it('should not retry for a caller with retries of its own', async () => {
    server.handler = (_, response) => {
      send(response, 503, PAGE, { ...html, 'retry-after': '0' });
      return undefined;
    };
    await expect(client.getInfo({ attempts: 1 })).rejects.toThrow(
      'the gateway is starting or not running',
    );
    expect(server.requests).toHaveLength(1);
  });

  it('should report that nothing listens', async () => {
    await server.stop();
    const error = await failureOf(client.getInfo());
    expect(error.name).toBe('ServiceUnavailableError');
    expect(everythingOf(error)).toMatch(
      /gateway "main" .* cannot be reached: .*ECONNREFUSED/,
    );
    server = await LoopbackServer.start();
  });

  it('should end with the reason of the caller that aborts', async () => {
    const reason = new Error('enough');
    const controller = new AbortController();
    setTimeout(() => controller.abort(reason), 50);
    await expect(
      client.getLoginUrl({ signal: controller.signal }),
    ).rejects.toBe(reason);
  });

  it('should not trust a gateway with a certificate from an unknown authority', async () => {
    const wary = DefaultHoopClient.create({
      name: 'main',
      url: server.url,
      timeoutMs: 2000,
    });
    await expect(wary.getInfo()).rejects.toThrow(
      /cannot be reached: .*certificate/,
    );
    expect(server.requests).toHaveLength(0);
    await wary.close();
  });
});
