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
    sandbox = await startSandboxProcess({ rolloutDelayMs: 100 });
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

  it('should sign in and tell the groups, nothing secret', async () => {
    const proof = await as('jane').signIn();
    expect(proof).toEqual({
      outcome: 'signed-in',
      groups: expect.arrayContaining(['engineering']),
      isAdmin: expect.any(Boolean),
    });
    const secrets = await sandbox.control.secrets();
    const told = JSON.stringify(proof);
    expect(secrets.filter(secret => told.includes(secret))).toEqual([]);
  });

  it('should tell that authentik gives no access', async () => {
    expect(await as('bob').signIn()).toMatchObject({
      outcome: 'refused',
      by: 'authentik',
      reason: expect.stringContaining('people without access'),
    });
  });

  it('should tell a wrong password', async () => {
    expect(await as('jane', 'wrong').signIn()).toEqual({
      outcome: 'refused',
      by: 'authentik',
      reason: 'username or password are not accepted',
    });
  });

  it('should give its consent where it is asked for', async () => {
    await ensure({
      authorizationFlow: 'default-provider-authorization-explicit-consent',
    });
    expect(await as('jane').signIn()).toMatchObject({ outcome: 'signed-in' });
  });

  it('should tell a gateway that fails to redeem the code', async () => {
    await sandbox.control.faults({
      system: 'authentik',
      path: '/application/o/token/',
      status: 400,
    });
    expect(await as('jane').signIn()).toMatchObject({
      outcome: 'refused',
      by: 'gateway',
      reason: expect.stringContaining('its log says why'),
    });
  });

  it('should tell a gateway that refuses its own token', async () => {
    await sandbox.control.faults({
      system: 'gateway',
      path: '/api/userinfo',
      status: 401,
    });
    expect(await as('jane').signIn()).toMatchObject({
      outcome: 'refused',
      by: 'gateway',
      reason: 'it does not accept the token it has issued',
    });
  });

  it.each([
    ['gateway', '/api/login', 403],
    ['authentik', '/api/v3/flows/executor/', 500],
    ['authentik', '/application/o/authorize/', 502],
    ['gateway', '/api/userinfo', 502],
  ] as const)(
    'should conclude nothing where %s answers %s with %d',
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
