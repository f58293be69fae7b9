import { ConfigReader } from '@backstage/config';
import { startSandboxProcess, type SandboxProcess } from 'sandbox';
import { ensureApplication, type ApplicationSpec } from '../../application';
import { configureGateway } from '../../flows';
import { desiredIntegration } from '../../integration';
import { DefaultHoopAuthentikService } from '../../service';
import { SecretValue } from '../../core';
import { DefaultTestSignIn } from './DefaultTestSignIn';

jest.setTimeout(120_000);

describe('DefaultTestSignIn', () => {
  let sandbox: SandboxProcess;
  let service: DefaultHoopAuthentikService;
  const opened: DefaultTestSignIn[] = [];

  beforeAll(async () => {
    sandbox = await startSandboxProcess({ rolloutDelayMs: 50 });
    service = DefaultHoopAuthentikService.create({
      config: new ConfigReader({
        hoopAuthentik: {
          authentik: [
            { baseUrl: sandbox.authentik.url, token: sandbox.authentik.token },
          ],
          gateways: [
            {
              name: 'hoop',
              url: sandbox.gateway.url,
              target: {
                type: 'kubernetes',
                cluster: { kubeconfig: sandbox.kubernetes.kubeconfigPath },
                namespace: sandbox.kubernetes.namespace,
              },
            },
          ],
        },
      }),
    });
    await ensure({ bindings: [{ group: 'engineering' }] });
    const { systems, config, authentik } = service.getGateway('hoop');
    await configureGateway(systems, desiredIntegration(config, authentik), {
      log: () => {},
    });
  });

  afterAll(async () => {
    await service?.close();
    await sandbox?.stop();
  });

  afterEach(async () => {
    await Promise.all(opened.splice(0).map(one => one.close()));
    await sandbox.control.clearFaults();
  });

  async function ensure(spec: Partial<ApplicationSpec>) {
    const { systems, applicationContext } = service.getGateway('hoop');
    await ensureApplication(
      systems.authentik,
      { slug: 'hoop', ...spec },
      applicationContext(),
    );
  }

  function as(username: string, password = `${username}-demo-password`) {
    const signIn = DefaultTestSignIn.create({
      authentik: { name: 'default', url: sandbox.authentik.url },
      gateway: { name: 'hoop', url: sandbox.gateway.url },
      account: { username, password: new SecretValue(password) },
    });
    opened.push(signIn);
    return signIn;
  }

  it('should sign in and return the groups without a secret', async () => {
    const proof = await as('jane').signIn();
    expect(proof).toEqual({
      outcome: 'signed-in',
      groups: expect.arrayContaining(['engineering']),
      isAdmin: expect.any(Boolean),
    });
    const secrets = await sandbox.control.secrets();
    const shown = JSON.stringify(proof);
    expect(secrets.filter(secret => shown.includes(secret))).toEqual([]);
  });

  it('should report that authentik denies access', async () => {
    expect(await as('bob').signIn()).toMatchObject({
      outcome: 'refused',
      by: 'authentik',
      reason: expect.stringContaining('users without access'),
    });
  });

  it('should report a wrong password', async () => {
    expect(await as('jane', 'wrong').signIn()).toEqual({
      outcome: 'refused',
      by: 'authentik',
      reason: 'username or password rejected',
    });
  });

  it('should consent if the flow asks for it', async () => {
    await ensure({
      authorizationFlow: 'default-provider-authorization-explicit-consent',
    });
    expect(await as('jane').signIn()).toMatchObject({ outcome: 'signed-in' });
  });

  it('should report a gateway that fails to redeem the code', async () => {
    await sandbox.control.faults({
      system: 'authentik',
      path: '/application/o/token/',
      status: 400,
    });
    expect(await as('jane').signIn()).toMatchObject({
      outcome: 'refused',
      by: 'gateway',
      reason: expect.stringContaining('check its log'),
    });
  });

  it('should report a gateway that rejects its own token', async () => {
    await sandbox.control.faults({
      system: 'gateway',
      path: '/api/userinfo',
      status: 401,
    });
    expect(await as('jane').signIn()).toMatchObject({
      outcome: 'refused',
      by: 'gateway',
      reason: 'it rejects the token it issued',
    });
  });

  it.each([
    ['gateway', '/api/login', 403],
    ['authentik', '/api/v3/flows/executor/', 500],
    ['authentik', '/application/o/authorize/', 502],
    ['gateway', '/api/userinfo', 502],
  ] as const)(
    'should draw no conclusion if %s answers %s with %d',
    async (system, path, status) => {
      await sandbox.control.faults({ system, path, status });
      const failure = await as('jane')
        .signIn()
        .catch(error => error);
      expect(failure).toMatchObject({ name: 'ServiceUnavailableError' });
      expect(failure.message).not.toMatch(/password|state=|code=/);
    },
  );
});
