import { startAuthentik } from './index';
import { AuthentikServer, listenOn } from './server';
import { Browser } from './testing/browser';
import type { Reply } from '../replay/send';
import { send } from '../replay/send';
import type { AuthentikSandbox, AuthentikSandboxOptions } from './types';

const TRANSACTIONAL = '/api/v3/core/transactional/applications/';

describe('startAuthentik', () => {
  const running: AuthentikSandbox[] = [];

  async function start(
    options?: AuthentikSandboxOptions,
  ): Promise<AuthentikSandbox> {
    const sandbox = await startAuthentik(options);
    running.push(sandbox);
    return sandbox;
  }

  afterEach(async () => {
    await Promise.all(running.splice(0).map(sandbox => sandbox.close()));
  });

  function api(
    sandbox: AuthentikSandbox,
    method: string,
    path: string,
    options: { token?: string; body?: unknown } = {},
  ): Promise<Reply> {
    return send({
      url: sandbox.url,
      method,
      path,
      headers: {
        Authorization: `Bearer ${options.token ?? sandbox.token}`,
        'Content-Type': 'application/json',
      },
      body:
        options.body === undefined ? undefined : JSON.stringify(options.body),
    });
  }

  async function get<T>(sandbox: AuthentikSandbox, path: string): Promise<T> {
    const reply = await api(sandbox, 'GET', `/api/v3/${path}`);
    expect(reply.status).toBe(200);
    return JSON.parse(reply.body) as T;
  }

  async function createHoop(sandbox: AuthentikSandbox): Promise<void> {
    const flow = async (slug: string) =>
      (await get<{ pk: string }>(sandbox, `flows/instances/${slug}/`)).pk;
    const reply = await api(sandbox, 'PUT', TRANSACTIONAL, {
      body: {
        app: { name: 'Hoop', slug: 'hoop' },
        provider_model: 'authentik_providers_oauth2.oauth2provider',
        provider: {
          name: 'Hoop',
          authorization_flow: await flow(
            'default-provider-authorization-implicit-consent',
          ),
          invalidation_flow: await flow('default-provider-invalidation-flow'),
          grant_types: ['authorization_code', 'refresh_token'],
          redirect_uris: [
            { matching_mode: 'strict', url: 'https://hoop.company/cb' },
          ],
        },
      },
    });
    expect(JSON.parse(reply.body)).toEqual({ applied: true, logs: [] });
  }

  it('listens on loopback and knows the token it was given', async () => {
    const sandbox = await start({ token: 'a-token-of-my-own' });
    expect(sandbox.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(sandbox.token).toBe('a-token-of-my-own');
    expect(sandbox.tokens.admin).toBe('a-token-of-my-own');
    const me = await get<{ user: { username: string } }>(
      sandbox,
      'core/users/me/',
    );
    expect(me.user.username).toBe('akadmin');
  });

  it.each([
    [undefined, '2026.8.0-rc1'],
    ['2026.8', '2026.8.0-rc1'],
    ['2025.10', '2025.10.0-rc1'],
  ] as const)('speaks as %s', async (version, release) => {
    const sandbox = await start({ version });
    const answer = await get<{ version_current: string }>(
      sandbox,
      'admin/version/',
    );
    expect(answer.version_current).toBe(release);
  });

  it('gives its seeded accounts the rights their names promise', async () => {
    const sandbox = await start();
    const list = (token: string) =>
      api(sandbox, 'GET', '/api/v3/providers/oauth2/', { token });
    const { leastPrivilege, noPermissions } = sandbox.tokens;
    expect((await list(leastPrivilege)).status).toBe(200);
    expect((await list(noPermissions)).status).toBe(403);
    const roles = { token: leastPrivilege };
    const settings = '/api/v3/admin/settings/';
    expect((await api(sandbox, 'GET', settings, roles)).status).toBe(403);
  });

  it('forgets what was made, but not its tokens, when reset', async () => {
    const sandbox = await start();
    await createHoop(sandbox);
    sandbox.reset();
    const path = '/api/v3/core/applications/hoop/';
    for (const token of [sandbox.token, sandbox.tokens.leastPrivilege]) {
      expect((await api(sandbox, 'GET', path, { token })).status).toBe(404);
    }
    await createHoop(sandbox);
  });

  it('remembers every client secret, former ones included', async () => {
    const sandbox = await start();
    await createHoop(sandbox);
    const path = 'providers/oauth2/?name=Hoop';
    type List = { results: { pk: number; client_secret: string }[] };
    const [provider] = (await get<List>(sandbox, path)).results;
    expect(provider.client_secret).toHaveLength(128);

    const rotated = 'r'.repeat(64);
    const reply = await api(
      sandbox,
      'PATCH',
      `/api/v3/providers/oauth2/${provider.pk}/`,
      { body: { client_secret: rotated } },
    );
    expect(JSON.parse(reply.body).client_secret).toBe(rotated);
    expect(sandbox.secrets()).toEqual(
      expect.arrayContaining([
        provider.client_secret,
        rotated,
        ...Object.values(sandbox.tokens),
        'jane-demo-password',
        'bob-demo-password',
      ]),
    );
  });

  it('lets a test answer in its place or slow it down', async () => {
    let calls = 0;
    const sandbox = await start({
      intercept: async (req, res) => {
        calls += 1;
        if (req.url !== '/api/v3/admin/version/') return false;
        res.writeHead(502, { 'Content-Type': 'text/plain' });
        res.end('gateway down');
        return true;
      },
    });
    const broken = await api(sandbox, 'GET', '/api/v3/admin/version/');
    expect([broken.status, broken.body]).toEqual([502, 'gateway down']);
    await get(sandbox, 'root/config/');
    expect(calls).toBe(2);
  });

  it('reports each answered request', async () => {
    const seen: { method: string; path: string; status: number }[] = [];
    const sandbox = await start({
      onRequest: ({ method, path, status, durationMs }) => {
        expect(durationMs).toBeGreaterThanOrEqual(0);
        seen.push({ method, path, status });
      },
    });
    await api(sandbox, 'GET', '/api/v3/core/users/me/?x=1');
    await api(sandbox, 'POST', '/api/v3/nope/');
    expect(seen).toEqual([
      { method: 'GET', path: '/api/v3/core/users/me/?x=1', status: 200 },
      { method: 'POST', path: '/api/v3/nope/', status: 405 },
    ]);
  });

  it('is gone after close', async () => {
    const sandbox = await startAuthentik();
    await sandbox.close();
    await expect(api(sandbox, 'GET', '/')).rejects.toThrow(/ECONNREFUSED/);
  });

  it.each([
    ['2026.8', 400],
    ['2025.10', 405],
  ] as const)(
    'lets one of many equal requests win on %s',
    async (version, late) => {
      const server = new AuthentikServer({ version });
      const sandbox = await listenOn(server, 0);
      running.push(sandbox);
      // Wide enough for the requests to overlap on a busy machine.
      server.store.writeMs = 400;
      const flow = (slug: string) =>
        server.store.flows.find(one => one.slug === slug)?.pk;
      const body = {
        app: { name: 'Race', slug: 'race' },
        provider_model: 'authentik_providers_oauth2.oauth2provider',
        provider: {
          name: 'Race',
          authorization_flow: flow(
            'default-provider-authorization-implicit-consent',
          ),
          invalidation_flow: flow('default-provider-invalidation-flow'),
          redirect_uris: [],
        },
      };
      const requests = Array.from({ length: 4 }, () =>
        api(sandbox, 'PUT', TRANSACTIONAL, { body }),
      );
      // Comes after the first look at the names and before the winner has written.
      await new Promise(resolve => {
        setTimeout(resolve, 520);
      });
      requests.push(api(sandbox, 'PUT', TRANSACTIONAL, { body }));
      const replies = await Promise.all(requests);
      const said = replies.map(reply => `${reply.status} ${reply.body}`).sort();
      expect(said.slice(0, 3)).toEqual(
        Array(3).fill('200 {"applied":false,"logs":[]}'),
      );
      expect(said[3]).toBe('200 {"applied":true,"logs":[]}');
      expect(said[4]).toMatch(new RegExp(`^${late} `));
      expect(server.store.applications).toHaveLength(1);
      expect(server.store.providers).toHaveLength(1);
    },
  );

  describe('sign-in page', () => {
    const page = '/if/flow/default-authentication-flow/';

    it('works without scripts and says that it is a sandbox', async () => {
      const { url } = await start();
      const reply = await new Browser(url).get(`${page}?next=%2F`);
      expect(reply.status).toBe(200);
      expect(reply.body).toContain('Sandbox authentik');
      expect(reply.body).not.toContain('<script');
      expect(reply.body).toContain('<html lang="en">');
      for (const name of ['uid_field', 'password']) {
        expect(reply.body).toContain(`<label for="${name}">`);
        expect(reply.body).toContain(`id="${name}" name="${name}"`);
      }
      expect(reply.body).toMatch(/<form method="post"/);
      expect(reply.body).toMatch(/<button type="submit">Log in<\/button>/);
    });

    it('tells about a wrong password and keeps the name', async () => {
      const { url } = await start();
      const reply = await new Browser(url).post(page, {
        uid_field: 'jane"><b>',
        password: 'wrong',
      });
      expect(reply.status).toBe(200);
      expect(reply.body).toContain('role="alert"');
      expect(reply.body).toContain('value="jane&quot;&gt;&lt;b&gt;"');
      expect(reply.body).not.toContain('jane"><b>');
    });

    it.each([
      ['https://evil.example/', '/'],
      ['//evil.example/', '/'],
      ['/\\evil.example/', '/'],
      ['/application/o/authorize/?x=1', '/application/o/authorize/?x=1'],
    ])('goes on to %s only if that is a page of its own', async (next, to) => {
      const { url } = await start();
      const reply = await new Browser(url).post(
        `${page}?${new URLSearchParams({ next })}`,
        { uid_field: 'jane', password: 'jane-demo-password' },
      );
      expect(reply.status).toBe(302);
      expect(reply.headers.location).toBe(to);
    });

    it('takes an e-mail address as well, and nobody without a password', async () => {
      const { url } = await start();
      const attempt = (uid: string, password: string) =>
        new Browser(url).post(page, { uid_field: uid, password });
      const jane = await attempt('jane@company.example', 'jane-demo-password');
      expect(jane.status).toBe(302);
      expect((await attempt('backstage', '')).status).toBe(200);
      expect((await attempt('', 'bob-demo-password')).status).toBe(200);
    });
  });
});
