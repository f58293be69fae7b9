import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startSandboxProcess, type SandboxProcess } from 'sandbox';
import { startBackend, type BackendProcess } from './backendProcess';
import { Portal } from './portal';
import { hoopLogin } from './signIn';

jest.setTimeout(240_000);

/** An administrator of the gateway who has an account in authentik as well. */
const JANE = { email: 'jane@company.example', password: 'local-password' };

describe('disconnecting a gateway that people have used', () => {
  let dir: string;
  let sandbox: SandboxProcess;
  let backend: BackendProcess;
  let portal: Portal;

  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'hoop-authentik-disconnect-'));
    sandbox = await startSandboxProcess({ rolloutDelayMs: 50 });
    const { gateway, kubernetes } = sandbox;
    backend = await startBackend(sandbox, dir, {
      hoopAuthentik: {
        gateways: [
          {
            name: 'main',
            url: gateway.url,
            application: 'hoop',
            apiKey: gateway.apiKey,
            target: {
              type: 'kubernetes',
              cluster: { kubeconfig: kubernetes.kubeconfigPath },
              namespace: kubernetes.namespace,
              deployment: kubernetes.deployment,
            },
          },
        ],
      },
    });
    portal = await Portal.signIn(backend.url);
    for (const path of [
      'resource/default/hoop',
      'template/default/connect-gateway',
      'template/default/disconnect-gateway',
    ]) {
      await portal.untilInCatalog(path);
    }
  });

  afterAll(async () => {
    await backend?.stop();
    await sandbox?.stop();
    await rm(dir, { recursive: true, force: true });
  });

  /** Asks the gateway as an administrator by key. */
  const addAdministrator = (account: { email: string; password: string }) =>
    ask(
      'POST',
      'users',
      { ...account, groups: ['admin'] },
      sandbox.gateway.apiKey,
    );

  async function ask(
    method: string,
    path: string,
    body?: object,
    token?: string,
  ): Promise<Response> {
    return fetch(`${sandbox.gateway.url}/api/${path}`, {
      method,
      headers: {
        'content-type': 'application/json',
        ...(token ? { authorization: `Bearer ${token}` } : {}),
      },
      body: body && JSON.stringify(body),
    });
  }

  /** Status of the local sign-in, and of a request with the token that it gave. */
  async function signInLocally(account: object): Promise<number[]> {
    const login = await ask('POST', 'localauth/login', account);
    const token = login.headers.get('token') ?? '';
    const info = await ask('GET', 'userinfo', undefined, token);
    return [login.status, info.status];
  }

  async function runTemplate(name: string, values: object = {}) {
    const task = await portal.runTemplate(`template:default/${name}`, {
      entity: 'resource:default/hoop',
      ...values,
    });
    return {
      status: task.status,
      log: task.events.map(({ message }) => message).join('\n'),
    };
  }

  async function authMethod(): Promise<string> {
    const answer = await ask('GET', 'publicserverinfo');
    return (await answer.json()).auth_method;
  }

  it('should be refused where no administrator could sign in, and end in one who can where it is accepted', async () => {
    await sandbox.control.forgetUsers();
    expect((await ask('POST', 'localauth/register', JANE)).status).toBe(201);
    expect(await signInLocally(JANE)).toEqual([200, 200]);
    const bindings = [{ group: 'engineering' }];
    const connected = await runTemplate('connect-gateway', {
      name: 'Hoop.dev',
      access: 'groups',
      bindings,
    });
    expect(connected).toMatchObject({ status: 'completed' });
    // The only account there is now belongs to authentik.
    expect(await hoopLogin(sandbox, 'jane')).toMatchObject({ isAdmin: true });

    const refused = await runTemplate('disconnect-gateway');
    expect(refused.status).toBe('failed');
    expect(refused.log).toContain(
      'No administrator can sign in with a local account: none of the 1 active ones has an account of the gateway itself.',
    );
    expect(await authMethod()).toBe('oidc');
    expect(await hoopLogin(sandbox, 'jane')).toMatchObject({ token: true });

    const accepted = await runTemplate('disconnect-gateway', {
      allowLockout: true,
    });
    expect(accepted).toMatchObject({ status: 'completed' });
    expect(accepted.log).toContain('docs/local-accounts.md');
    expect(await authMethod()).toBe('local');
    expect(await signInLocally(JANE)).toEqual([200, 401]);

    // The documented way back in.
    const admin = { email: 'admin@company.example', password: 'new-password' };
    expect((await addAdministrator(admin)).status).toBe(201);
    expect(await signInLocally(admin)).toEqual([200, 200]);
  });

  it('should end in an administrator who can sign in where one has a local account', async () => {
    await sandbox.control.reset();
    const { admin } = sandbox.gateway;
    await runTemplate('connect-gateway', {
      name: 'Hoop.dev',
      access: 'groups',
      bindings: [{ group: 'engineering' }],
    });
    expect(await hoopLogin(sandbox, 'jane')).toMatchObject({ isAdmin: true });

    const disconnected = await runTemplate('disconnect-gateway');
    expect(disconnected).toMatchObject({ status: 'completed' });
    expect(disconnected.log).toContain(
      'Administrators with a local account: 1 of 2',
    );
    expect(await signInLocally(admin)).toEqual([200, 200]);
  });
});
