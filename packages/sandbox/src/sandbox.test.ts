import { stat } from 'node:fs/promises';

import { createApplicationByHand } from './testing/connectByHand';
import { signIn } from './testing/signIn';
import {
  SandboxProcess,
  startSandboxProcess,
} from './testing/startSandboxProcess';
import { KubernetesCalls, kubernetesCalls } from './testing/kubernetesCalls';

jest.setTimeout(60_000);

let sandbox: SandboxProcess;
let cluster: KubernetesCalls;

beforeAll(async () => {
  sandbox = await startSandboxProcess({ rolloutDelayMs: 150 });
  cluster = await kubernetesCalls(sandbox.kubernetes.kubeconfigPath);
});
afterAll(() => sandbox.stop());
beforeEach(() => sandbox.control.reset());

async function publicInfo() {
  const response = await fetch(`${sandbox.gateway.url}/api/publicserverinfo`);
  const isJson = response.headers.get('content-type')?.includes('json');
  return { status: response.status, body: isJson ? await response.json() : {} };
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 10_000;
  while (!(await condition())) {
    if (Date.now() > deadline) {
      throw new Error('never came true');
    }
    await new Promise(resolve => {
      setTimeout(resolve, 25);
    });
  }
}

async function configure(settings: Record<string, string>): Promise<void> {
  await cluster.patch('/api/v1/namespaces/hoop/configmaps/hoopgateway', {
    data: settings,
  });
  await cluster.patch('/apis/apps/v1/namespaces/hoop/deployments/hoopgateway', {
    spec: {
      template: {
        metadata: { annotations: { restartedAt: String(Date.now()) } },
      },
    },
  });
}

async function gatewayServes(method: string): Promise<void> {
  await until(async () => (await publicInfo()).body.auth_method === method);
}

async function userInfo(token: string) {
  const response = await fetch(`${sandbox.gateway.url}/api/userinfo`, {
    headers: { authorization: `Bearer ${token}` },
  });
  return { status: response.status, body: await response.json() };
}

async function signInAs(username: string) {
  const { login_url: loginUrl } = await (
    await fetch(`${sandbox.gateway.url}/api/login`)
  ).json();
  const user = sandbox.users.find(known => known.username === username);
  return signIn({
    loginUrl,
    username,
    password: user?.password ?? '',
    origins: [sandbox.authentik.url, sandbox.gateway.url],
  });
}

describe('the sandbox', () => {
  it('says that it is one, and serves in local mode from the start', async () => {
    const info = await (await fetch(sandbox.control.url)).json();
    expect(info.sandbox).toBe(true);
    expect(info.kubernetes).toMatchObject({
      namespace: 'hoop',
      deployment: 'hoopgateway',
    });
    expect((await publicInfo()).body).toEqual({
      auth_method: 'local',
      setup_required: false,
    });
    const { mode } = await stat(sandbox.kubernetes.kubeconfigPath);
    expect(mode % 0o1000).toBe(0o600);
    expect((await userInfo(sandbox.gateway.apiKey)).body.is_admin).toBe(true);
  });

  it('lets jane and bob sign in through the form of authentik once it is connected', async () => {
    const application = await createApplicationByHand(sandbox, 'hoop');
    await configure(application.settings);
    await gatewayServes('oidc');

    const jane = await signInAs('jane');
    expect(jane.finalUrl).toMatch(
      /^http:\/\/127\.0\.0\.1:3587\/callback\?token=/,
    );
    expect(jane.visited.some(url => url.includes('/if/flow/'))).toBe(true);
    expect((await userInfo(jane.token ?? '')).body).toMatchObject({
      email: 'jane@company.example',
      groups: ['engineering', 'admin'],
      is_admin: true,
    });

    const bob = await signInAs('bob');
    expect((await userInfo(bob.token ?? '')).body).toMatchObject({
      groups: ['finance'],
      is_admin: false,
    });
    // The break-glass key survives the switch.
    expect((await userInfo(sandbox.gateway.apiKey)).status).toBe(200);
  });

  it('lets nobody in with a wrong password or a wrong client secret', async () => {
    const application = await createApplicationByHand(sandbox, 'hoop');
    await configure({
      ...application.settings,
      IDP_CLIENT_SECRET: 'a-wrong-client-secret',
    });
    await gatewayServes('oidc');
    const { login_url: loginUrl } = await (
      await fetch(`${sandbox.gateway.url}/api/login`)
    ).json();
    const refused = await signIn({
      loginUrl,
      username: 'jane',
      password: 'wrong',
      origins: [sandbox.authentik.url, sandbox.gateway.url],
    });
    expect(refused.token).toBeUndefined();
    expect(refused.stuckOn?.status).toBe(200);
    const jane = await signInAs('jane');
    expect(jane.token).toBeUndefined();
    expect(jane.error).toBe('unexpected_error');
  });

  it('goes down with an invalid environment and comes back with a valid one', async () => {
    await configure({ AUTH_METHOD: 'oidc' });
    await until(async () => (await publicInfo()).status === 503);
    await until(async () => {
      const { items } = await cluster.get('/api/v1/namespaces/hoop/pods');
      return items.some((pod: unknown) =>
        JSON.stringify(pod).includes('CrashLoopBackOff'),
      );
    });
    expect((await publicInfo()).status).toBe(503);
    await configure({ AUTH_METHOD: 'local' });
    await gatewayServes('local');
  });

  it('records who asked what, without secrets', async () => {
    const application = await createApplicationByHand(sandbox, 'hoop');
    await configure(application.settings);
    await gatewayServes('oidc');
    const { seq } = await sandbox.control.requests();
    const jane = await signInAs('jane');
    expect(jane.token).toBeDefined();
    const { requests } = await sandbox.control.requests(seq);
    const lines = requests.map(
      ({ system, from, method, path, status }) =>
        `${from ?? 'client'} ${system} ${method} ${
          path.split('?')[0]
        } ${status}`,
    );
    expect(lines).toContain('client gateway GET /api/login 200');
    expect(lines).toContain('gateway authentik POST /application/o/token/ 200');
    expect(lines).toContain('client gateway GET /api/callback 307');
    expect(requests.map(request => request.seq)).toEqual(
      requests.map((_request, index) => seq + index + 1),
    );
    const text = JSON.stringify(requests);
    for (const url of jane.visited) {
      const { searchParams } = new URL(url);
      for (const key of ['code', 'state']) {
        expect(text).not.toContain(searchParams.get(key) ?? 'absent-value');
      }
    }
  });

  it('knows every secret, those of former states included', async () => {
    const application = await createApplicationByHand(sandbox, 'hoop');
    await configure(application.settings);
    await cluster.post('/api/v1/namespaces/hoop/secrets', {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 's' },
      stringData: {
        PASSWORD: 'value-of-a-secret',
        AUTH_METHOD: 'oidc-is-none',
      },
    });
    await gatewayServes('oidc');
    const { token } = await signInAs('jane');
    await sandbox.control.reset();
    const known = await sandbox.control.secrets();
    expect(known).toEqual(
      expect.arrayContaining([
        sandbox.authentik.token,
        sandbox.kubernetes.token,
        sandbox.gateway.apiKey,
        application.settings.IDP_CLIENT_SECRET,
        'value-of-a-secret',
        token,
      ]),
    );
    expect(known).not.toContain('oidc-is-none');
  });
});

describe('faults', () => {
  it('answer with a status as the system would, as often as asked', async () => {
    await sandbox.control.faults({
      system: 'kubernetes',
      status: 429,
      path: '^/version',
      times: 1,
    });
    const struck = await cluster.raw('GET', '/version');
    expect(struck.status).toBe(429);
    expect(struck.headers['retry-after']).toBe('1');
    expect(struck.body).toMatchObject({
      kind: 'Status',
      reason: 'TooManyRequests',
      details: { retryAfterSeconds: 1 },
    });
    expect((await cluster.raw('GET', '/version')).status).toBe(200);
  });

  it('delay, cut off and end', async () => {
    await sandbox.control.faults({
      system: 'gateway',
      latencyMs: 200,
      times: 1,
    });
    const startedAt = Date.now();
    expect((await publicInfo()).status).toBe(200);
    expect(Date.now() - startedAt).toBeGreaterThanOrEqual(195);
    await sandbox.control.faults({ system: 'gateway', unreachable: true });
    await expect(publicInfo()).rejects.toThrow('fetch failed');
    await sandbox.control.clearFaults();
    expect((await publicInfo()).status).toBe(200);
  });

  it('reach the gateway when authentik is struck', async () => {
    const application = await createApplicationByHand(sandbox, 'hoop');
    await configure(application.settings);
    await gatewayServes('oidc');
    await sandbox.control.faults({
      system: 'authentik',
      status: 500,
      path: 'openid-configuration',
    });
    const response = await fetch(`${sandbox.gateway.url}/api/login`);
    expect(response.status).toBe(500);
    expect(await response.json()).toEqual({
      message: 'internal server error, failed loading IDP provider',
    });
  });

  it('are refused when they make no sense', async () => {
    await expect(
      sandbox.control.faults({ system: 'gateway', path: '(', status: 500 }),
    ).rejects.toThrow('no regular expression');
  });

  it('fail a rollout, and the next one succeeds', async () => {
    await sandbox.control.rollout('image-pull');
    await configure({ AUTH_METHOD: 'local' });
    await until(async () => {
      const { items } = await cluster.get('/api/v1/namespaces/hoop/pods');
      return JSON.stringify(items).includes('ImagePullBackOff');
    });
    expect((await publicInfo()).status).toBe(503);
    await configure({ AUTH_METHOD: 'local' });
    await gatewayServes('local');
  });

  it('can be a token with too few rights', async () => {
    const token = await sandbox.control.addIdentity('reader', [
      { apiGroups: [''], resources: ['configmaps'], verbs: ['get'] },
    ]);
    const path = '/api/v1/namespaces/hoop/configmaps/hoopgateway';
    expect((await cluster.raw('GET', path, token)).status).toBe(200);
    expect((await cluster.raw('DELETE', path, token)).status).toBe(403);
  });
});
