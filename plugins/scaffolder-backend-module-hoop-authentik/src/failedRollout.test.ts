import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import yaml from 'yaml';
import {
  createAuthentikApplicationEnsureAction,
  createHoopGatewayConfigureAction,
} from './actions';
import { callCluster } from './__testUtils__/callCluster';
import { restartGateway } from './__testUtils__/layouts';
import { onceLogged } from './__testUtils__/onceLogged';
import { textOf } from './__testUtils__/runAction';
import { startInterceptor } from './__testUtils__/startInterceptor';
import {
  callAuthentik,
  readSystemState,
  withoutRestartMark,
  type SystemState,
} from './__testUtils__/systemState';
import { useSandbox, type SandboxRunOptions } from './__testUtils__/useSandbox';

const BACK =
  'Previous settings restored. Fix the cause above and run the task again.';

describe('a gateway that does not start', () => {
  const fixture = useSandbox();

  beforeEach(async () => {
    await fixture.succeed(createAuthentikApplicationEnsureAction, {
      gateway: 'main',
      name: 'Hoop.dev',
    });
  });

  const configure = (options?: SandboxRunOptions) =>
    fixture.fail(
      createHoopGatewayConfigureAction,
      { gateway: 'main' },
      options,
    );

  async function expectAsBefore(before: SystemState): Promise<void> {
    expect(withoutRestartMark(await readSystemState(fixture.sandbox))).toEqual(
      withoutRestartMark(before),
    );
  }

  it.each([
    ['image-pull', 'PT3S', /image "hoophq\/hoop:1\.148\.0"/],
    [
      'crash',
      'PT30S',
      /ended with exit code 1 .*: sandbox: this rollout was asked to crash/,
    ],
    ['quota', 'PT3S', /pods cannot be created: .* exceeded quota/],
  ] as const)(
    'should have its previous settings restored after a failure of the kind %s',
    async (failure, rolloutTimeout, reason) => {
      const before = await readSystemState(fixture.sandbox);
      await fixture.sandbox.control.rollout(failure);

      const error = await configure({
        config: { target: { rolloutTimeout } },
      });

      expect(error.name).toBe('GatewayRolloutError');
      expect(error.message).toMatch(
        /^The gateway did not come up with the new settings: /,
      );
      expect(error.message).toMatch(reason);
      expect(error.message).toMatch(new RegExp(`\\. ${BACK}$`));
      await expectAsBefore(before);
      expect(await fixture.authMethod()).toBe('local');

      await fixture.connect();
      expect(await fixture.authMethod()).toBe('oidc');
    },
  );

  it('should not count as connected in the run after a killed one', async () => {
    await fixture.connect();
    await fixture.sandbox.control.rollout('crash');
    await callCluster(
      fixture.sandbox,
      'PATCH',
      `deployments/${fixture.sandbox.kubernetes.deployment}`,
      {
        spec: {
          template: {
            metadata: { annotations: { 'test/restart': 'killed' } },
          },
        },
      },
    );
    const writesSince = await fixture.watchWrites();

    const error = await configure();

    expect(error.name).toBe('GatewayRolloutError');
    expect(error.message).toMatch(
      /^The gateway "main" was not changed: it already has the settings\. .*was asked to crash.*hoop:gateway:disconnect\.$/,
    );
    expect(await writesSince()).toEqual([]);

    await restartGateway(fixture.sandbox);
    const { outputs } = await fixture.succeed(
      createHoopGatewayConfigureAction,
      { gateway: 'main' },
    );
    expect(outputs).toMatchObject({ changes: 0, writes: 0 });
  });

  it('should have its previous settings restored when it cannot reach authentik, with the reason from its log', async () => {
    const before = await readSystemState(fixture.sandbox);
    const { onLog, happened } = onceLogged(/, restarting$/, () =>
      fixture.sandbox.control.faults({
        system: 'authentik',
        path: '/\\.well-known/',
        unreachable: true,
      }),
    );

    const error = await configure({ onLog });

    await happened();
    expect(error.name).toBe('GatewayRolloutError');
    expect(error.message).toContain(
      `failed to initialize provider: Get "${fixture.sandbox.authentik.url}/application/o/hoop/.well-known/openid-configuration"`,
    );
    expect(error.message.endsWith(BACK)).toBe(true);
    await fixture.sandbox.control.clearFaults();
    await expectAsBefore(before);
    expect(await fixture.authMethod()).toBe('local');
    await fixture.connect();
  });

  it('should have its previous settings restored when its issuer hangs, which is named', async () => {
    await fixture.sandbox.control.faults({
      system: 'authentik',
      path: '/\\.well-known/',
      from: 'gateway',
      latencyMs: 60_000,
    });

    const error = await configure({
      config: { target: { rolloutTimeout: 'PT3S' } },
    });

    expect(error.name).toBe('GatewayRolloutError');
    expect(error.message).toMatch(
      /not complete within 3 s: .* opens no port until its issuer has answered, .*, so check that the issuer \(IDP_ISSUER\) answers from inside the cluster/,
    );
    expect(error.message.endsWith(BACK)).toBe(true);
    expect(await fixture.authMethod()).toBe('local');
    await fixture.sandbox.control.clearFaults();
  });

  it('should not be switched when the issuer hangs for the portal too', async () => {
    const before = await readSystemState(fixture.sandbox);
    await fixture.sandbox.control.faults({
      system: 'authentik',
      path: '/\\.well-known/',
      latencyMs: 60_000,
    });

    const started = Date.now();
    const error = await configure();

    expect(Date.now() - started).toBeLessThan(30_000);
    expect(error.name).toBe('ServiceUnavailableError');
    expect(error.message).toMatch(
      /^The gateway "main" was not changed\. .* did not answer within 15 s: GET .*openid-configuration\. A gateway waits for it without a limit when it starts, and opens no port until then\./,
    );
    await fixture.sandbox.control.clearFaults();
    await expectAsBefore(before);
  });

  it('should have the previous client secret restored', async () => {
    await fixture.connect();
    const before = await readSystemState(fixture.sandbox);
    const [{ pk }] = before.providers as Array<{ pk: number }>;
    const rotated = 'a-client-secret-rotated-by-hand';
    await callAuthentik(fixture.sandbox, 'PATCH', `/providers/oauth2/${pk}/`, {
      client_secret: rotated,
    });
    await fixture.sandbox.control.rollout('crash');

    const error = await configure({ secrets: [rotated] });

    expect(error.message.endsWith(BACK)).toBe(true);
    const { providers: _, ...cluster } = before;
    expect(
      withoutRestartMark(await readSystemState(fixture.sandbox)),
    ).toMatchObject({
      secrets: cluster.secrets,
      configMaps: cluster.configMaps,
    });
    expect(await fixture.authMethod()).toBe('oidc');
    await fixture.connect();
  });

  it('should have its previous settings restored when it starts but does not sign people in', async () => {
    const before = await readSystemState(fixture.sandbox);
    await fixture.sandbox.control.faults({
      system: 'gateway',
      path: '^/api/login',
      status: 500,
    });

    const error = await configure({ verifyTimeoutMs: 500 });

    expect(error.name).toBe('GatewayRolloutError');
    expect(error.message).toBe(
      'The gateway came up but does not sign people in with authentik. The sign-in could not be verified. ' +
        `Gateway answers with a server error: gateway "main" (${fixture.sandbox.gateway.url}): GET /api/login: the gateway answered 500 (“fault asked for in the sandbox”). Read the log of the gateway: it names the reason. ${BACK}`,
    );
    await expectAsBefore(before);
    await fixture.sandbox.control.clearFaults();
    expect(await fixture.authMethod()).toBe('local');
    await fixture.connect();
  });

  it('should report when the previous settings cannot be restored either, and converge later', async () => {
    await fixture.sandbox.control.rollout('crash');
    const { onLog, happened } = onceLogged(/^Rollout: /, () =>
      fixture.sandbox.control.faults({
        system: 'kubernetes',
        method: 'PATCH',
        unreachable: true,
      }),
    );

    const error = await configure({
      onLog,
      config: { target: { restoreTimeout: 'PT2S' } },
    });

    await happened();
    expect(error.name).toBe('GatewayRolloutError');
    expect(error.message).toContain('was asked to crash.');
    expect(error.message).toMatch(
      /Restoring the previous settings failed too: Kubernetes .* cannot be reached: PATCH .*\. Check ConfigMap "hoopgateway-idp" and Secret "hoopgateway-idp" of Deployment hoop\/hoopgateway, fix the cause and run the task again\.$/,
    );
    await fixture.sandbox.control.clearFaults();

    // The new settings stayed, and the gateway crashes with them: the next run goes back first.
    const { log } = await fixture.succeed(createHoopGatewayConfigureAction, {
      gateway: 'main',
    });
    expect(textOf({ log })).toMatch(
      /The gateway does not run with it: .* Undoing it first\.\n.*\n(.*\n)*The gateway runs with its previous settings\n/,
    );
    expect(await fixture.authMethod()).toBe('oidc');
  });

  it.each(['secrets', 'configmaps', 'deployments'])(
    'should not be touched where the cluster would refuse to write %s',
    async resource => {
      const before = await readSystemState(fixture.sandbox);
      await fixture.sandbox.control.faults({
        system: 'kubernetes',
        path: `/${resource}.*dryRun`,
        status: 403,
        times: 1,
      });
      const writesSince = await fixture.watchWrites();

      const error = await configure();

      expect(error.name).toBe('ServiceUnavailableError');
      expect(error.message).toMatch(
        /^Nothing was written: cannot (create|patch) .* in namespace "hoop" /,
      );
      expect(error.message).toContain(resource);
      expect(await writesSince()).toEqual([]);
      expect(await readSystemState(fixture.sandbox)).toEqual(before);
    },
  );

  it.each([
    ['Secret', 'POST', 'secrets'],
    ['ConfigMap', 'POST', 'configmaps'],
    ['Deployment', 'PATCH', 'deployments'],
  ])(
    'should keep its settings when the %s cannot be written',
    async (_, method, resource) => {
      const before = await readSystemState(fixture.sandbox);
      await fixture.sandbox.control.faults({
        system: 'kubernetes',
        method,
        path: `/${resource}(?!.*dryRun)`,
        status: 403,
        times: 1,
      });

      const error = await configure();

      expect(error.name).toBe('ServiceUnavailableError');
      expect(error.message).toMatch(
        /^The settings could not be written: cannot (create|patch) .* in namespace "hoop" /,
      );
      expect(error.message).toContain(resource);
      expect(error.message.endsWith(BACK)).toBe(true);
      expect(await readSystemState(fixture.sandbox)).toEqual(before);
      expect(await fixture.authMethod()).toBe('local');
      await fixture.connect();
    },
  );

  it.each([
    ['Secret', 'POST', /secrets/],
    ['ConfigMap', 'POST', /configmaps/],
    ['Deployment', 'PATCH', /deployments/],
  ])(
    'should have its previous settings restored when the %s is written but the answer is lost',
    async (_, method, resource) => {
      const before = await readSystemState(fixture.sandbox);
      const cluster = await behindLossyNetwork(
        fixture.sandbox.kubernetes,
        (sent, path) =>
          sent === method && resource.test(path) && !path.includes('dryRun'),
      );
      try {
        const error = await configure({
          config: { target: { cluster: { kubeconfig: cluster.kubeconfig } } },
        });

        expect(error.name).toBe('ServiceUnavailableError');
        expect(error.message).toMatch(
          /^The settings could not be written: Kubernetes .* cannot be reached: /,
        );
        expect(error.message.endsWith(BACK)).toBe(true);
        await expectAsBefore(before);
        expect(await fixture.authMethod()).toBe('local');
        await fixture.connect();
      } finally {
        await cluster.close();
      }
    },
  );
});

/** A way to the cluster on which the answer to one request is lost. */
async function behindLossyNetwork(
  kubernetes: { url: string; token: string; kubeconfigPath: string },
  losesAnswer: (method: string, path: string) => boolean,
): Promise<{ kubeconfig: string; close(): Promise<void> }> {
  const real = yaml.parse(await readFile(kubernetes.kubeconfigPath, 'utf8'));
  const [{ cluster }] = real.clusters;
  let lost = false;
  const network = await startInterceptor({
    url: kubernetes.url,
    ca: Buffer.from(cluster['certificate-authority-data'], 'base64'),
    // The client refuses to send a token in the clear.
    token: kubernetes.token,
    losesAnswer(method, path) {
      const loses = !lost && losesAnswer(method, path);
      lost ||= loses;
      return loses;
    },
  });
  const directory = await mkdtemp(join(tmpdir(), 'hoop-authentik-'));
  const kubeconfig = join(directory, 'kubeconfig');
  await writeFile(
    kubeconfig,
    yaml.stringify({
      ...real,
      clusters: [{ name: 'sandbox', cluster: { server: network.url } }],
      users: [{ name: 'sandbox', user: {} }],
    }),
  );
  return {
    kubeconfig,
    async close() {
      await network.close();
      await rm(directory, { recursive: true });
    },
  };
}
