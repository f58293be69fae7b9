import { randomUUID } from 'node:crypto';
import { FakeIdentityProvider } from '../testing/fakeIdentityProvider';
import { bearer, GatewayHarness } from '../testing/gatewayHarness';
import { GatewayDatabase } from './database';

let provider: FakeIdentityProvider;
let gateway: GatewayHarness;

beforeAll(async () => {
  provider = await FakeIdentityProvider.start();
  gateway = await GatewayHarness.start();
});
afterAll(async () => {
  await gateway.close();
  await provider.close();
});

function settings(changes: Record<string, string> = {}) {
  return {
    AUTH_METHOD: 'oidc',
    IDP_ISSUER: provider.issuer,
    IDP_CLIENT_ID: 'client',
    IDP_CLIENT_SECRET: 'secret',
    IDP_GROUPS_CLAIM: 'groups',
    ...changes,
  };
}

beforeEach(async () => {
  provider.restore();
  gateway.database = new GatewayDatabase();
  gateway.database.addUser({
    subject: 'local-admin',
    email: 'admin@company.example',
    name: 'Admin',
    status: 'active',
    verified: true,
    groups: ['admin'],
  });
  await gateway.boot(settings());
});

async function loginState(query = ''): Promise<string> {
  const { body } = await gateway.call<{ login_url: string }>(
    'GET',
    `/api/login${query}`,
  );
  return new URL(body.login_url).searchParams.get('state') ?? '';
}

/** Comes back from the identity provider; resolves with the address the browser is sent to. */
async function comeBack(query = ''): Promise<URL> {
  const state = await loginState(query);
  const answer = await gateway.call(
    'GET',
    `/api/callback?code=c&state=${state}`,
  );
  expect(answer.status).toBe(307);
  return new URL(answer.headers.get('location') ?? '');
}

async function signedIn(): Promise<string> {
  const target = await comeBack();
  const token = target.searchParams.get('token');
  if (!token) {
    throw new Error(`not signed in: ${gateway.messages().join('\n')}`);
  }
  return token;
}

async function failsWith(reason: RegExp): Promise<void> {
  const target = await comeBack();
  expect(target.toString()).toBe(
    'http://127.0.0.1:3587/callback?error=unexpected_error',
  );
  expect(gateway.messages().join('\n')).toMatch(reason);
}

describe('state matrix', () => {
  const rows: [string, () => Promise<unknown>, number, number, number][] = [
    ['local', () => gateway.boot({ AUTH_METHOD: 'local' }), 403, 403, 403],
    ['oidc healthy', async () => undefined, 200, 400, 500],
    [
      'oidc broken after boot',
      async () => {
        provider.discovery = { issuer: 'https://moved.example/' };
      },
      500,
      500,
      500,
    ],
  ];

  it.each(rows)(
    '%s',
    async (_title, prepare, login, unknownState, emptyState) => {
      await prepare();
      const statusOf = async (path: string) =>
        (await gateway.call('GET', path)).status;
      expect(await statusOf('/api/publicserverinfo')).toBe(200);
      expect(await statusOf('/api/login')).toBe(login);
      expect(await statusOf(`/api/callback?state=${randomUUID()}`)).toBe(
        unknownState,
      );
      expect(await statusOf('/api/callback?state=')).toBe(emptyState);
    },
  );

  it('words its refusals', async () => {
    const unknown = await gateway.call(
      'GET',
      `/api/callback?state=${randomUUID()}`,
    );
    expect(unknown.body).toEqual({
      message: 'failed to retrieve login state internally',
    });
    const failed = await gateway.call(
      'GET',
      '/api/callback?error=access_denied',
    );
    expect(failed.status).toBe(401);
    await gateway.boot({ AUTH_METHOD: 'local' });
    expect((await gateway.call('GET', '/api/login')).body).toEqual({
      message: 'OIDC provider not configured',
    });
  });

  it('names version, method and set-up without any authentication', async () => {
    await gateway.boot(settings({ AUTH_METHOD: 'idp' }), 'hoophq/hoop:1.59.2');
    const answer = await gateway.call('GET', '/api/publicserverinfo');
    expect(answer.body).toEqual({ auth_method: 'idp', setup_required: false });
    expect(answer.headers.get('server')).toBe('hoopgateway/1.59.2');
    gateway.database = new GatewayDatabase();
    await gateway.boot({});
    expect((await gateway.call('GET', '/api/publicserverinfo')).body).toEqual({
      auth_method: 'local',
      setup_required: true,
    });
    for (const version of ['1.38.0', '1.59.1']) {
      await gateway.boot({}, `hoophq/hoop:${version}`);
      const old = await gateway.call('GET', '/api/publicserverinfo');
      expect(old.body).toEqual({ auth_method: 'local' });
    }
  });

  it('keeps known sessions while the provider is away, within the life of its cache', async () => {
    const token = await signedIn();
    provider.discovery = { issuer: 'https://moved.example/' };
    expect(
      (await gateway.call('GET', '/api/userinfo', bearer(token))).status,
    ).toBe(200);
  });
});

describe('login', () => {
  it('answers a URL with sorted parameters after fresh discovery', async () => {
    provider.hits = [];
    const { body } = await gateway.call<{ login_url: string }>(
      'GET',
      '/api/login',
    );
    expect(body.login_url).toMatch(
      new RegExp(
        `^${
          provider.url
        }/application/o/authorize/\\?client_id=client&redirect_uri=${encodeURIComponent(
          `${gateway.url}/api/callback`,
        )}&response_type=code&scope=openid\\+profile\\+email&state=[0-9a-f-]{36}$`,
      ),
    );
    expect(provider.hits).toEqual([
      '/application/o/hoop/.well-known/openid-configuration',
      '/application/o/hoop/jwks/',
    ]);
  });

  it('adds what is optional', async () => {
    await gateway.boot(
      settings({ IDP_CUSTOM_SCOPES: 'offline_access', IDP_AUDIENCE: 'a' }),
    );
    const { body } = await gateway.call<{ login_url: string }>(
      'GET',
      '/api/login?prompt=login&screen_hint=signup',
    );
    expect([...new URL(body.login_url).searchParams.keys()]).toEqual([
      'access_type',
      'audience',
      'client_id',
      'prompt',
      'redirect_uri',
      'response_type',
      'scope',
      'screen_hint',
      'state',
    ]);
  });

  it('compares only the host name of a redirect', async () => {
    const good = await gateway.call(
      'GET',
      '/api/login?redirect=https://127.0.0.1:1/x',
    );
    expect(good.status).toBe(200);
    const bad = await gateway.call(
      'GET',
      '/api/login?redirect=https://other.example/',
    );
    expect(bad.status).toBe(422);
    expect(bad.body).toEqual({
      message: 'redirect attribute does not match with api url',
    });
  });
});

describe('callback', () => {
  it('exchanges the code with the client secret and hands the token to the client', async () => {
    const target = await comeBack();
    expect(`${target.origin}${target.pathname}`).toBe(
      'http://127.0.0.1:3587/callback',
    );
    const [request] = provider.tokenRequests;
    expect(request.authorization).toBe(
      `Basic ${Buffer.from('client:secret').toString('base64')}`,
    );
    expect(Object.fromEntries(request.body)).toEqual({
      grant_type: 'authorization_code',
      code: 'c',
      redirect_uri: `${gateway.url}/api/callback`,
    });
    const token = target.searchParams.get('token') ?? '';
    const info = await gateway.call('GET', '/api/userinfo', bearer(token));
    expect(info.body).toMatchObject({
      id: 'sub-jane',
      email: 'jane@company.example',
      name: 'Jane Doe',
      groups: ['engineering'],
      role: 'standard',
      is_admin: false,
    });
  });

  it('sets a cookie for a web session, or puts the token into the URL when forced', async () => {
    const redirect = `?redirect=${encodeURIComponent(`${gateway.url}/x`)}`;
    const state = await loginState(redirect);
    const web = await gateway.call(
      'GET',
      `/api/callback?code=c&state=${state}`,
    );
    expect(web.headers.get('location')).toBe(`${gateway.url}/x`);
    expect(web.headers.get('set-cookie')).toContain('hoop_access_token=');
    await gateway.boot(settings({ URL_TOKEN_EXCHANGE: 'force' }));
    expect((await comeBack(redirect)).searchParams.get('token')).toBeTruthy();
  });

  it.each<[string, () => void, RegExp]>([
    [
      'another audience',
      () => Object.assign(provider.claims, { aud: 'other' }),
      /unexpected "aud"/,
    ],
    [
      'another issuer',
      () => Object.assign(provider.claims, { iss: 'https://other/' }),
      /unexpected "iss"/,
    ],
    [
      'another azp',
      () => Object.assign(provider.claims, { azp: 'other' }),
      /azp claim/,
    ],
    [
      'a symmetric signature',
      () => {
        provider.symmetricSecret = 'secret'.repeat(8);
      },
      /"alg"/,
    ],
    [
      'a refused code',
      () => {
        provider.overrides.set('/application/o/token/', res => {
          res.writeHead(400, { 'content-type': 'application/json' });
          res.end('{"error":"invalid_client"}');
        });
      },
      /invalid_client/,
    ],
  ])('refuses %s', async (_title, prepare, reason) => {
    prepare();
    await failsWith(reason);
    expect(gateway.database.users).toHaveLength(1);
  });

  it('refuses an inactive user', async () => {
    await signedIn();
    const jane = gateway.database.userByEmail('jane@company.example');
    Object.assign(jane ?? {}, { status: 'inactive' });
    await failsWith(/not active/);
    expect(jane?.status).toBe('inactive');
  });

  it('makes the first user of an empty database an administrator', async () => {
    gateway.database.users.length = 0;
    const info = await gateway.call(
      'GET',
      '/api/userinfo',
      bearer(await signedIn()),
    );
    expect(info.body).toMatchObject({
      is_admin: true,
      groups: ['engineering', 'admin'],
    });
  });

  it('finds a user by lower-cased e-mail and takes over the subject; admin is sticky', async () => {
    provider.claims = {
      email: 'ADMIN@company.example',
      sub: 'new-subject',
      groups: [],
    };
    await signedIn();
    expect(gateway.database.users).toHaveLength(1);
    expect(gateway.database.users[0]).toMatchObject({
      subject: 'new-subject',
      groups: ['admin'],
    });
  });

  it('activates an invited user', async () => {
    gateway.database.addUser({
      subject: 'x',
      email: 'jane@company.example',
      name: '',
      status: 'invited',
      verified: false,
      groups: [],
    });
    await signedIn();
    expect(gateway.database.userByEmail('jane@company.example')).toMatchObject({
      status: 'active',
      subject: 'sub-jane',
    });
  });

  it('looks for groups where the environment says', async () => {
    await gateway.boot(settings({ IDP_GROUPS_CLAIM: '' }));
    provider.claims = { 'https://app.hoop.dev/groups': ['from-default'] };
    const info = await gateway.call(
      'GET',
      '/api/userinfo',
      bearer(await signedIn()),
    );
    expect(info.body.groups).toEqual(['from-default']);
  });

  it('checks an opaque access token at the provider', async () => {
    provider.opaqueAccessToken = true;
    const token = await signedIn();
    expect(token).toBe('opaque-access-token');
    provider.hits = [];
    const info = await gateway.call('GET', '/api/userinfo', bearer(token));
    expect(info.status).toBe(200);
    expect(provider.hits).toEqual(['/application/o/userinfo/']);
  });
});
