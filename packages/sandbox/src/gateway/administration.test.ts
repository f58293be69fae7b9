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

const local = { AUTH_METHOD: 'local' };
const credentials = { email: 'Admin@company.example', password: 'pw-of-admin' };

let admin: string;
let auditor: string;
let standard: string;

beforeEach(async () => {
  provider.restore();
  gateway.database = new GatewayDatabase();
  admin = gateway.database.addApiKey('admin', ['admin']).key;
  auditor = gateway.database.addApiKey('auditor', ['auditor']).key;
  standard = gateway.database.addApiKey('standard', []).key;
  await gateway.boot(local);
});

function put(changes: Record<string, unknown> = {}, key = admin) {
  return gateway.call('PUT', '/api/serverconfig/auth', {
    ...bearer(key),
    body: {
      auth_method: 'oidc',
      oidc_config: {
        issuer_url: provider.issuer,
        client_id: 'client',
        client_secret: 'stored-secret',
        scopes: ['openid', 'email', 'profile'],
        audience: '',
      },
      provider_name: 'other',
      webapp_users_management_status: 'active',
      ...changes,
    },
  });
}

describe('local sign-in', () => {
  const post = (path: string, body: unknown) =>
    gateway.call('POST', `/api/localauth/${path}`, { body });

  it('lets the first user register, and nobody after that', async () => {
    const first = await post('register', { ...credentials, name: 'Admin' });
    expect(first.status).toBe(201);
    const token = first.headers.get('token') ?? '';
    const info = await gateway.call('GET', '/api/userinfo', bearer(token));
    expect(info.body).toMatchObject({
      is_admin: true,
      email: credentials.email,
    });
    expect((await post('register', credentials)).status).toBe(409);
    const other = { ...credentials, email: 'other@company.example' };
    expect((await post('register', other)).status).toBe(403);
  });

  it('ends with local sign-in: old tokens are refused, right passwords answer 500', async () => {
    const { headers } = await post('register', credentials);
    const token = headers.get('token') ?? '';
    expect((await post('login', credentials)).status).toBe(200);
    expect(
      (await post('login', { ...credentials, password: 'x' })).status,
    ).toBe(401);
    expect((await put()).status).toBe(200);
    expect(
      (await gateway.call('GET', '/api/userinfo', bearer(token))).status,
    ).toBe(401);
    const late = await post('login', credentials);
    expect(late.status).toBe(500);
    expect(late.body).toEqual({ message: 'failed to generate token' });
  });
});

describe('roles and keys', () => {
  it.each([
    ['/api/userinfo', [200, 200, 200]],
    ['/api/users', [200, 200, 200]],
    ['/api/serverinfo', [200, 200, 200]],
    ['/api/serverconfig/auth', [200, 200, 403]],
    ['/api/server-logs', [200, 403, 403]],
    ['/api/api-keys', [200, 403, 403]],
  ])('%s', async (path, expected) => {
    const statuses = await Promise.all(
      [admin, auditor, standard].map(
        async key => (await gateway.call('GET', path, bearer(key))).status,
      ),
    );
    expect(statuses).toEqual(expected);
    expect((await gateway.call('GET', path)).status).toBe(401);
    expect((await gateway.call('GET', path, bearer('hpk_wrong'))).status).toBe(
      401,
    );
  });

  it('shows a new key once and refuses it after its revocation', async () => {
    const created = await gateway.call<{ id: string; key: string }>(
      'POST',
      '/api/api-keys',
      {
        ...bearer(admin),
        body: { name: 'new', groups: ['admin'] },
      },
    );
    expect(created.status).toBe(201);
    const { key, id } = created.body;
    expect(
      (await gateway.call('GET', '/api/server-logs', bearer(key))).status,
    ).toBe(200);
    const list = await gateway.call('GET', '/api/api-keys', bearer(admin));
    expect(list.text).toContain(id);
    expect(list.text).not.toContain('hpk_');
    await gateway.call('DELETE', `/api/api-keys/${id}`, bearer(admin));
    expect(
      (await gateway.call('GET', '/api/userinfo', bearer(key))).status,
    ).toBe(401);
  });

  it('takes the static key of the environment', async () => {
    await gateway.boot({ ...local, API_KEY: 'org|random' });
    const ask = (key: string) =>
      gateway.call('GET', '/api/server-logs', { headers: { 'api-key': key } });
    expect((await ask('org|random')).status).toBe(200);
    const wrong = await ask('other');
    expect(wrong.status).toBe(401);
    expect(wrong.body).toEqual({ message: 'unauthorize' });
  });

  it('fails even with a key while the provider cannot be loaded', async () => {
    await put();
    await gateway.boot(local);
    // A new process with an empty cache would not boot, so the provider breaks after a change of the stored row.
    provider.discovery = { issuer: 'https://moved.example/' };
    const row = gateway.database.authConfig;
    if (row?.oidc_config) {
      row.oidc_config.client_id = 'changed';
    }
    const answer = await gateway.call('GET', '/api/userinfo', bearer(admin));
    expect(answer.status).toBe(500);
    expect(answer.body.message).toBe(
      'internal server error, failed loading IDP provider',
    );
  });

  it('demotes by PUT only', async () => {
    const user = gateway.database.addUser({
      subject: 's',
      email: 'a@company.example',
      name: 'A',
      status: 'active',
      verified: true,
      groups: ['admin'],
    });
    const changed = await gateway.call('PUT', `/api/users/${user.subject}`, {
      ...bearer(admin),
      body: { email: user.email, groups: ['dev'], status: 'active' },
    });
    expect(changed.body).toMatchObject({ role: 'standard', groups: ['dev'] });
  });
});

describe('stored configuration', () => {
  it('beats the environment at once and after a restart, secrets in clear', async () => {
    expect((await put()).status).toBe(200);
    const info = () => gateway.call('GET', '/api/publicserverinfo');
    expect((await info()).body.auth_method).toBe('oidc');
    await gateway.boot(local);
    expect((await info()).body.auth_method).toBe('oidc');
    const shown = await gateway.call(
      'GET',
      '/api/serverconfig/auth',
      bearer(auditor),
    );
    expect(shown.body).toMatchObject({
      auth_method: 'oidc',
      provider_name: 'other',
      admin_role_name: 'admin',
      oidc_config: { client_secret: 'stored-secret', groups_claim: 'groups' },
    });
    expect(gateway.database.secrets()).toContain('stored-secret');
  });

  it('falls back to the environment where nothing is stored', async () => {
    await gateway.boot({
      AUTH_METHOD: 'idp',
      IDP_ISSUER: provider.issuer,
      IDP_CLIENT_ID: 'client',
      IDP_CLIENT_SECRET: 'env-secret',
    });
    const shown = await gateway.call(
      'GET',
      '/api/serverconfig/auth',
      bearer(admin),
    );
    expect(shown.body).toMatchObject({
      auth_method: 'oidc',
      provider_name: '',
      oidc_config: {
        issuer_url: provider.issuer,
        client_secret: 'env-secret',
        scopes: [],
        groups_claim: 'https://app.hoop.dev/groups',
      },
    });
  });

  it('shows the OpenID variables of an environment that says local as well', async () => {
    await gateway.boot({
      ...local,
      IDP_ISSUER: provider.issuer,
      IDP_CUSTOM_SCOPES: 'offline_access',
    });
    const shown = await gateway.call(
      'GET',
      '/api/serverconfig/auth',
      bearer(admin),
    );
    expect(shown.body).toMatchObject({
      auth_method: 'local',
      oidc_config: { issuer_url: provider.issuer, scopes: ['offline_access'] },
    });
  });

  it('drops what it does not know and keeps its keys', async () => {
    const made = await gateway.call<{ rollout_api_key: string }>(
      'POST',
      '/api/serverconfig/auth/apikey',
      bearer(admin),
    );
    expect(made.status).toBe(201);
    const key = made.body.rollout_api_key;
    const ask = async () =>
      (
        await gateway.call('GET', '/api/server-logs', {
          headers: { 'api-key': key },
        })
      ).status;
    // A row that only a key made leaves the environment in force.
    const info = await gateway.call('GET', '/api/publicserverinfo');
    expect(info.body.auth_method).toBe('local');
    expect(await ask()).toBe(401);

    expect((await put({ rollout_api_key: 'another' })).status).toBe(422);
    const waits = await put({ rollout_api_key: null, unknown: 'member' });
    expect(waits.body).toMatchObject({ api_key: null, rollout_api_key: key });
    expect(waits.body).not.toHaveProperty('unknown');
    expect(await ask()).toBe(401);

    const inForce = await put({ rollout_api_key: key });
    expect(inForce.body).toMatchObject({ api_key: key, rollout_api_key: null });
    expect((await put()).body).toMatchObject({ api_key: key });
    expect(await ask()).toBe(200);
  });

  it.each([
    ['an unknown method', { auth_method: 'idp' }],
    ['no management status', { webapp_users_management_status: undefined }],
    ['no provider', { oidc_config: null }],
    ['SAML without its configuration', { auth_method: 'saml' }],
    [
      'half a provider beside local sign-in',
      { auth_method: 'local', oidc_config: { client_id: 'x' } },
    ],
    [
      'no secret',
      { oidc_config: { issuer_url: 'https://x/', client_id: 'x' } },
    ],
  ])('answers 422 to %s', async (_title, changes) => {
    expect((await put(changes)).status).toBe(422);
    expect(gateway.database.authConfig).toBeUndefined();
  });

  it('answers 400 with the raw reason when the provider does not answer as promised', async () => {
    provider.discovery = { issuer: 'https://moved.example/' };
    const answer = await put();
    expect(answer.status).toBe(400);
    expect(answer.body.message).toBe(
      `oidc: issuer did not match the issuer returned by provider, expected "${provider.issuer}" got "https://moved.example/"`,
    );
    expect(gateway.database.authConfig).toBeUndefined();
  });

  it('is for administrators of single installations only', async () => {
    expect((await put({}, auditor)).status).toBe(403);
    await gateway.boot({ ...local, ORG_MULTI_TENANT: 'true' });
    expect((await put()).status).toBe(403);
  });

  it('renames the groups with the roles', async () => {
    await put({ admin_role_name: 'owners' });
    expect(gateway.database.apiKeys[0].groups).toEqual(['owners']);
    const again = await gateway.call('GET', '/api/server-logs', bearer(admin));
    expect(again.status).toBe(200);
  });
});

describe('routes', () => {
  it('are mounted below the path of API_URL, the callback is not', async () => {
    await gateway.boot({ ...local, API_URL: `${gateway.url}/prefix` });
    expect((await gateway.call('GET', '/prefix/api/healthz')).body).toEqual({
      liveness: 'OK',
    });
    expect((await gateway.call('GET', '/api/healthz')).status).toBe(404);
  });

  it('answer HEAD as well', async () => {
    expect((await gateway.call('HEAD', '/api/publicserverinfo')).status).toBe(
      200,
    );
  });
});

describe('local sign-in after an OpenID sign-in', () => {
  const account = (subject: string) => {
    gateway.database.users.length = 0;
    return gateway.database.addUser({
      subject,
      email: 'a@company.example',
      name: 'A',
      status: 'active',
      verified: true,
      groups: ['admin'],
      password: 'right',
    });
  };
  const signIn = async () => {
    const { status, headers } = await gateway.call(
      'POST',
      '/api/localauth/login',
      { body: { email: 'a@company.example', password: 'right' } },
    );
    expect(status).toBe(200);
    const info = await gateway.call(
      'GET',
      '/api/userinfo',
      bearer(headers.get('token') ?? ''),
    );
    return info.status;
  };

  it('gives a token that is refused, until the subject is the e-mail again', async () => {
    await gateway.boot(local);
    account('a@company.example');
    expect(await signIn()).toBe(200);
    const user = account('of-the-provider');
    expect(await signIn()).toBe(401);
    user.subject = user.email;
    expect(await signIn()).toBe(200);
  });
});
