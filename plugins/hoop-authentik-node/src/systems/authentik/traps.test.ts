import { SecretValue } from '../../core';
import {
  type ClosableAuthentikClient,
  createAuthentikClient,
} from './createAuthentikClient';
import { AuthentikPermissionError, AuthentikServerError } from './errors';
import { EVERY_METHOD, NOT_FOUND, TOKEN } from './__testUtils__/everyMethod';
import {
  RECORDED,
  RECORDED_VERSIONS,
  recorded,
  recordedBody,
} from './__testUtils__/fixtures';
import {
  startServer,
  type CannedAnswer,
  type TestServer,
} from '../../http/__testUtils__/startServer';

const methods = Object.entries(EVERY_METHOD).map(
  ([name, call]) => [name, call] as const,
);
const HTML = { 'content-type': 'text/html; charset=utf-8' };
/** How authentik answers a request that it fails to process. */
const CRASH: CannedAnswer = {
  status: 405,
  headers: { ...HTML, allow: 'GET, HEAD, OPTIONS' },
  body: '',
};

describe('Traps of the authentik API', () => {
  let server: TestServer;
  let client: ClosableAuthentikClient;

  beforeEach(async () => {
    server = await startServer();
    client = createAuthentikClient({
      name: 'main',
      baseUrl: server.url,
      token: new SecretValue(TOKEN),
      timeoutMs: 2_000,
    });
  });

  afterEach(async () => {
    await client.close();
    await server.close();
  });

  /** The error with which a call fails. */
  async function failure(
    answer: CannedAnswer,
    method: keyof typeof EVERY_METHOD,
    tokenAccepted = false,
  ): Promise<Error & { cause?: unknown }> {
    server.respond(({ path }) =>
      tokenAccepted && path === EVERY_METHOD.getSelf.path
        ? { status: 200, body: {} }
        : answer,
    );
    return EVERY_METHOD[method].run(client).then(
      result => {
        throw new Error(`Expected an error, found ${JSON.stringify(result)}`);
      },
      error => {
        expect(error).not.toHaveProperty('status');
        expect(error).not.toHaveProperty('statusCode');
        return error;
      },
    );
  }

  describe.each(methods)('%s', (name, call) => {
    it('should report a rejected token as unavailability of the portal', async () => {
      for (const version of RECORDED_VERSIONS) {
        for (const refusal of [
          'tokenUnknown',
          'tokenMissing',
          'tokenOfWrongScheme',
        ] as const) {
          const error = await failure(recorded(version, refusal), name);
          expect(error.name).toBe('ServiceUnavailableError');
          expect(error).not.toBeInstanceOf(AuthentikPermissionError);
          expect(error.message).toContain('rejected the API token');
          expect(error.message).toContain('hoopAuthentik.authentik[].token');
          expect(error.message).toContain('intent api');
          expect(error.message).toContain('authentik instance "main"');
        }
      }
    });

    it('should distinguish a missing object from an unknown URL', async () => {
      server.respond(() => recorded('2026.8', 'noApplication'));
      const missing = await call
        .run(client)
        .catch(error => (error.name === 'NotFoundError' ? NOT_FOUND : error));
      expect(missing).toBe(call.onMissing);

      const error = await failure(recorded('2026.8', 'unknownUrl'), name);
      expect(error.name).toBe('ServiceUnavailableError');
      expect(error.message).toContain('no authentik API at this URL');
    });

    it('should distinguish a crash from a method that is not allowed', async () => {
      const crash = await failure(CRASH, name);
      expect(crash).toBeInstanceOf(AuthentikServerError);
      expect(crash.name).toBe('ServiceUnavailableError');
      expect(crash.message).toContain('server error or unknown URL');

      const genuine = await failure(
        recorded('2026.8', 'methodNotAllowed'),
        name,
      );
      expect(genuine.name).toBe('ServiceUnavailableError');
      expect(genuine).not.toBeInstanceOf(AuthentikServerError);
      expect(genuine.message).toContain('Method "POST" not allowed');
    });

    it('should report 429 and 5xx as unavailability, with a cause', async () => {
      for (const status of [429, 500, 502, 503, 504]) {
        const error = await failure(
          {
            status,
            headers: { ...HTML, 'retry-after': '99' },
            body: '<h1>oops</h1>',
          },
          name,
        );
        expect(error.name).toBe('ServiceUnavailableError');
        expect(`${error.cause}`).toContain(`HTTP ${status}`);
        expect(error.message).not.toContain('oops');
        expect(server.requests.length).toBeLessThanOrEqual(1);
      }
    });

    it('should not accept a page, a redirect or unexpected JSON as a response', async () => {
      // The response to a DELETE is not read.
      const expected = call.method === 'DELETE' ? [] : [200];
      for (const status of expected) {
        const page = await failure(
          { status, headers: HTML, body: '<form>Log in</form>' },
          name,
        );
        expect(page.name).toBe('ServiceUnavailableError');
        expect(page.message).toMatch(
          /expected JSON, found 200 with text\/html/,
        );

        const odd = await failure({ status, body: { pk: { x: 'odd' } } }, name);
        expect(odd.name).toBe('ServiceUnavailableError');
        expect(odd.message).toContain(`${call.method} ${call.path}`);
        expect(odd.message).toMatch(/unexpected response format: \w+/);
        expect(odd.message).not.toContain('odd');
      }
      const moved = await failure(
        {
          status: 302,
          headers: { ...HTML, location: 'https://sso.company/login?state=x' },
        },
        name,
      );
      expect(moved.name).toBe('ServiceUnavailableError');
      expect(moved.message).toContain(
        'redirected to https://sso.company/login;',
      );
    });

    it('should stop when the caller aborts', async () => {
      const reason = new Error('enough');
      const controller = new AbortController();
      server.respond(() => {
        setImmediate(() => controller.abort(reason));
        return 'hang';
      });
      const running = call.run(client, { signal: controller.signal });
      await expect(running).rejects.toBe(reason);
      await expect(
        call.run(client, { signal: AbortSignal.abort(reason) }),
      ).rejects.toBe(reason);
      expect(server.requests).toHaveLength(1);
    });

    it('should retry reads and never writes', async () => {
      server.respond(() => ({ status: 503, headers: { 'retry-after': '0' } }));
      await expect(call.run(client)).rejects.toThrow('server error');
      expect(server.requests).toHaveLength(call.method === 'GET' ? 3 : 1);
      expect(server.requests[0]).toMatchObject({
        method: call.method,
        path: call.path,
        headers: {
          authorization: `Bearer ${TOKEN}`,
          accept: 'application/json',
        },
      });
    });
  });

  // Every accepted token may ask for its own user.
  it.each(methods.filter(([name]) => name !== 'getSelf'))(
    'should name the permission that is missing for %s, whatever the language',
    async (name, call) => {
      const refusal = recorded('2026.8', 'forbidden');
      const error = await failure(
        {
          ...refusal,
          body: {
            detail: 'Sie sind nicht berechtigt, diese Aktion durchzuführen.',
          },
        },
        name,
        true,
      );

      expect(error).toBeInstanceOf(AuthentikPermissionError);
      expect(error.name).toBe('ServiceUnavailableError');
      expect(error).toHaveProperty('permission', call.permission);
      expect(error.message).toContain(call.permission ?? 'a permission');
      expect(error.message).toContain(`${call.method} ${call.path}`);
    },
  );

  it.each([
    ['lacksAddApplication', 'authentik_core.add_application'],
    ['lacksAddProvider', 'authentik_providers_oauth2.add_oauth2provider'],
    ['lacksAddBinding', 'authentik_policies.add_policybinding'],
  ] as const)(
    'should read the refusal of the transactional endpoint: %s',
    async (name, permission) => {
      for (const version of RECORDED_VERSIONS) {
        const error = await failure(
          recorded(version, name),
          'createApplicationWithProvider',
        );
        expect(error).toBeInstanceOf(AuthentikPermissionError);
        expect(error).toHaveProperty('permission', permission);
        expect(error.message).toContain(permission);
      }
    },
  );

  it('should also name the permission to view, which every change requires', async () => {
    const error = await failure(
      recorded('2026.8', 'forbidden'),
      'deleteProvider',
      true,
    );
    expect(error.message).toContain('.delete_oauth2provider or ');
    expect(error.message).toContain('.view_oauth2provider');
  });

  it('should not attribute the refusal of a proxy to authentik', async () => {
    const error = await failure(
      { status: 403, headers: HTML, body: 'Forbidden' },
      'getSelf',
    );
    expect(error.name).toBe('ServiceUnavailableError');
    expect(error.message).toContain('a proxy in front of it');
  });

  it('should take any refusal to say whose the token is for a refused token, quoting it', async () => {
    const error = await failure(
      { status: 403, body: { detail: 'CSRF Failed' } },
      'getSelf',
    );
    expect(error.message).toContain(
      'authentik rejected the API token (403: “CSRF Failed”)',
    );
  });

  it.each([
    ['slugTaken', 'slug: Application with this slug already exists.'],
    ['bothTaken', 'provider: Application with this provider already exists.'],
    ['mustCreated', 'provider.name: State is set to must_created'],
    ['sameBindings', 'None.group: State is set to must_created'],
    ['bindingTaken', 'The fields policy, target, order must make a unique set'],
  ] as const)('should report %s as a conflict', async (name, text) => {
    for (const version of RECORDED_VERSIONS) {
      const error = await failure(
        recorded(version, name),
        name === 'bindingTaken' ? 'createBinding' : 'createApplication',
      );
      expect(error.name).toBe('ConflictError');
      expect(error.message).toContain(text);
    }
  });

  it.each([
    ['unknownSigningKey', 'provider.signing_key: Invalid pk "00000000-'],
    ['badBindings', "policy_bindings.1: One of 'group', 'policy', 'user'"],
    ['badRedirectUris', 'redirect_uris.0.url: This field may not be blank.'],
    [
      'noSubject',
      "rejected (400): “One of 'group', 'policy', 'user' must be set.",
    ],
    ['unknownTarget', 'target: Select a valid choice.'],
  ] as const)('should report %s as invalid input', async (name, text) => {
    for (const version of RECORDED_VERSIONS) {
      const error = await failure(recorded(version, name), 'createProvider');
      expect(error.name).toBe('InputError');
      expect(error.message).toContain(text);
    }
  });

  it('should read errors by index, as newer servers nest them', async () => {
    const error = await failure(
      RECORDED['2026.8'].badGrantTypes,
      'createProvider',
    );
    expect(error.message).toContain(
      'grant_types.0: "bogus" is not a valid choice.',
    );
  });

  it('should not report a conflict if another field is invalid too', async () => {
    const error = await failure(
      {
        status: 400,
        body: {
          slug: ['Application with this slug already exists.'],
          meta_launch_url: ['Enter a valid URL.'],
        },
      },
      'createApplication',
    );
    expect(error.name).toBe('InputError');
  });

  it.each([
    [{ status: 400, headers: HTML, body: '' }, 'InputError'],
    [{ status: 400, body: ['Not so.'] }, 'InputError'],
    [{ status: 409, body: { detail: 'Busy.' } }, 'ConflictError'],
    [{ status: 401, headers: HTML, body: 'no' }, 'ServiceUnavailableError'],
    [{ status: 415, body: { detail: 'No.' } }, 'ServiceUnavailableError'],
    [{ status: 418, headers: HTML, body: '' }, 'ServiceUnavailableError'],
  ])('should classify %j', async (answer, name) => {
    expect((await failure(answer, 'createProvider')).name).toBe(name);
  });

  it('should report a lost race, which authentik answers with 200', async () => {
    server.respond(() => RECORDED['2026.8'].notApplied);
    await expect(
      EVERY_METHOD.createApplicationWithProvider.run(client),
    ).resolves.toEqual({ applied: false });
  });

  it('should fail if the server cannot be reached or is too slow', async () => {
    server.respond(() => 'hang');
    const slow = createAuthentikClient({
      name: 'slow',
      baseUrl: server.url,
      token: new SecretValue(TOKEN),
      timeoutMs: 30,
    });
    await expect(slow.getSelf()).rejects.toMatchObject({
      name: 'ServiceUnavailableError',
      message: expect.stringMatching(
        /did not answer within 0\.03 s: GET .*Check whether it is overloaded/,
      ),
    });
    await slow.close();

    const unreachable = createAuthentikClient({
      name: 'unreachable',
      baseUrl: 'http://127.0.0.1:1',
      token: new SecretValue(TOKEN),
    });
    await expect(unreachable.getSelf()).rejects.toMatchObject({
      name: 'ServiceUnavailableError',
      message: expect.stringContaining('ECONNREFUSED'),
    });
    await unreachable.close();
  });

  it('should name a mismatching field but not its value', async () => {
    const body = recordedBody('2026.8', 'providersByName') as {
      results: Array<Record<string, unknown>>;
    };
    body.results[0].client_id = 12345;
    const wrong = await failure({ status: 200, body }, 'listProviders');
    expect(wrong.message).toContain('results.0.client_id');
    expect(wrong.message).not.toContain('12345');

    delete body.results[0].client_secret;
    body.results[0].client_id = 'x';
    const missing = await failure({ status: 200, body }, 'listProviders');
    expect(missing.message).toContain('results.0.client_secret');

    body.results[0].client_secret = 'x';
    body.results[0].redirect_uris = 'https://hoop\\.company/api/callback';
    const old = await failure({ status: 200, body }, 'listProviders');
    expect(old.message).toContain('servers before 2024.12');
    expect(old.message).not.toContain('hoop\\');
  });

  it('should never read the list of applications, which is stale and ignores filters', async () => {
    server.respond(() => recorded('2026.8', 'noProviders'));
    const paths: string[] = [];
    for (const { run } of Object.values(EVERY_METHOD)) {
      await run(client).catch(() => undefined);
    }
    for (const { method, path, query } of server.requests) {
      if (method === 'GET') paths.push(path);
      expect(query.has('superuser_full_list')).toBe(false);
    }
    expect(paths).not.toContain('/api/v3/core/applications/');
    expect(paths).not.toContain('/api/v3/providers/all/');
  });

  it('should not use a slug as a path', async () => {
    server.respond(() => recorded('2026.8', 'noApplication'));
    for (const slug of ['', '.', '..']) {
      await expect(client.deleteApplication(slug)).rejects.toMatchObject({
        name: 'InputError',
      });
    }
    expect(server.requests).toHaveLength(0);
    await expect(client.getApplication('../../x?y#z')).resolves.toBeUndefined();
    expect(server.requests[0].path).toBe(
      '/api/v3/core/applications/..%2F..%2Fx%3Fy%23z/',
    );
  });
});
