import { callCluster } from '../__testUtils__/callCluster';
import { textOf } from '../__testUtils__/runAction';
import {
  readSystemState,
  withoutRestartMark,
  type SystemState,
} from '../__testUtils__/systemState';
import {
  useSandbox,
  type SandboxRunOptions,
} from '../__testUtils__/useSandbox';
import { createHoopGatewayConfigureAction } from './hoopGatewayConfigure';
import { createHoopGatewayRotateSecretAction } from './hoopGatewayRotateSecret';
import { createHoopGatewayVerifyAction } from './hoopGatewayVerify';

const INPUT = { gateway: 'main' };

/** The one of our two Secrets that the gateway reads. */
function readSecret({ spec }: SystemState['template']): string {
  const { containers } = spec as {
    containers: Array<{ envFrom: Array<{ secretRef?: { name: string } }> }>;
  };
  return containers[0].envFrom.flatMap(({ secretRef }) =>
    secretRef?.name.startsWith('hoopgateway-idp') ? [secretRef.name] : [],
  )[0];
}

/** What both systems hold. */
function clientSecretsOf({ providers, secrets, template }: SystemState): {
  authentik: string;
  target: string;
} {
  const [{ client_secret: authentik }] = providers as Array<{
    client_secret: string;
  }>;
  const { IDP_CLIENT_SECRET: encoded } = secrets[
    readSecret(template)
  ] as Record<string, string>;
  return {
    authentik,
    target: Buffer.from(encoded, 'base64').toString('utf8'),
  };
}

describe('hoop:gateway:rotateSecret', () => {
  const fixture = useSandbox();
  let before: SystemState;
  let previous: string;

  beforeEach(async () => {
    await fixture.connect();
    before = await readSystemState(fixture.sandbox);
    previous = clientSecretsOf(before).authentik;
  });

  /** Nothing that a run lets out may hold the secret it replaces either. */
  const run = (options: SandboxRunOptions = {}) =>
    fixture.run(createHoopGatewayRotateSecretAction, INPUT, {
      ...options,
      secrets: [previous],
    });

  const fail = async (options?: SandboxRunOptions) => {
    const { error } = await run(options);
    expect(error).toBeDefined();
    return error!;
  };

  /** The gateway signs people in with what it had before. */
  async function expectAsBefore(): Promise<void> {
    await fixture.sandbox.control.clearFaults();
    expect(withoutRestartMark(await readSystemState(fixture.sandbox))).toEqual(
      withoutRestartMark(before),
    );
    expect(await fixture.authMethod()).toBe('oidc');
    await fixture.succeed(createHoopGatewayVerifyAction, INPUT);
  }

  it('should give authentik and the gateway a new secret, and prove that people can sign in', async () => {
    const writesSince = await fixture.watchWrites();

    const { error, outputs, log } = await run();

    expect(error).toBeUndefined();
    expect(outputs).toEqual({
      gateway: 'main',
      application: 'hoop',
      restarted: true,
      writes: 4,
    });
    expect(await writesSince()).toEqual([
      expect.stringMatching(
        /^authentik PATCH \/api\/v3\/providers\/oauth2\/\d+\/$/,
      ),
      expect.stringMatching(/^kubernetes POST .*\/secrets\?/),
      expect.stringMatching(/^kubernetes PATCH .*\/deployments\/hoopgateway/),
      // The record of the switch is removed.
      expect.stringMatching(/^kubernetes PATCH .*\/deployments\/hoopgateway/),
    ]);
    expect(textOf({ log })).toContain('Plan: 4 changes\n');
    expect(textOf({ log })).toContain('IDP_CLIENT_SECRET: changed');

    const after = await readSystemState(fixture.sandbox);
    const secrets = clientSecretsOf(after);
    expect(secrets.authentik).toMatch(/^[A-Za-z0-9]{128}$/);
    expect(secrets.authentik).not.toBe(previous);
    expect(secrets.target).toBe(secrets.authentik);
    expect(await fixture.sandbox.control.secrets()).toEqual(
      expect.arrayContaining([previous, secrets.authentik]),
    );
    expect(after).toMatchObject({
      applications: before.applications,
      bindings: before.bindings,
      configMaps: before.configMaps,
    });
    await fixture.succeed(createHoopGatewayVerifyAction, INPUT);
  });

  it('should make another secret when it is run again', async () => {
    await run();
    const first = clientSecretsOf(await readSystemState(fixture.sandbox));

    const { outputs } = await run();

    expect(outputs).toMatchObject({ writes: 4 });
    const second = clientSecretsOf(await readSystemState(fixture.sandbox));
    expect(second.authentik).not.toBe(first.authentik);
    expect(second.target).toBe(second.authentik);
  });

  it('should plan and write nothing in a dry run', async () => {
    const writesSince = await fixture.watchWrites();

    const { error, outputs, log } = await run({ isDryRun: true });

    expect(error).toBeUndefined();
    expect(outputs).toMatchObject({ restarted: false, writes: 0 });
    const text = textOf({ log });
    expect(text).toContain('4 changes (dry run: nothing is written)');
    expect(text).toMatch(/authentik provider ".*": clientSecret: changed$/m);
    expect(text).toMatch(
      /Secret hoop\/hoopgateway-idp-2: IDP_CLIENT_SECRET: changed$/m,
    );
    expect(await writesSince()).toEqual([]);
    expect(await readSystemState(fixture.sandbox)).toEqual(before);
  });

  it('should restore the previous secret when the gateway does not start', async () => {
    await fixture.sandbox.control.rollout('crash');

    const { error, log } = await run({
      config: { target: { rolloutTimeout: 'PT8S' } },
    });

    expect(error).toMatchObject({ name: 'GatewayRolloutError' });
    expect(error?.message).toContain('was asked to crash');
    expect(error?.message).toContain('Previous settings restored.');
    expect(textOf({ log })).toContain(
      'Previous client secret restored in authentik',
    );
    await expectAsBefore();
  });

  it('should restore the previous secret when the sign-in cannot be verified', async () => {
    await fixture.sandbox.control.faults({
      system: 'gateway',
      path: '^/api/login',
      status: 500,
    });

    const error = await fail({ verifyTimeoutMs: 500 });

    expect(error.name).toBe('GatewayRolloutError');
    expect(error.message).toContain(
      'The gateway came up but does not sign people in with authentik. The sign-in could not be verified.',
    );
    await expectAsBefore();
  });

  it('should restore the previous secret when cancelled during the rollout', async () => {
    const cancel = new AbortController();

    const error = await fail({
      signal: cancel.signal,
      onLog: line => line.startsWith('Rollout:') && cancel.abort(),
    });

    expect(error.name).toBe('AbortError');
    await expectAsBefore();
  });

  it('should restore the previous secret when cancelled while authentik stores the new one', async () => {
    await fixture.sandbox.control.faults({
      system: 'authentik',
      method: 'PATCH',
      latencyMs: 1_500,
      times: 1,
    });
    const cancel = new AbortController();

    const { error, log } = await run({
      signal: cancel.signal,
      onLog: line => {
        if (line.startsWith('Plan:')) {
          // Long enough for the rights to be checked on a busy machine.
          setTimeout(() => cancel.abort(), 700);
        }
      },
    });

    expect(error).toMatchObject({ name: 'AbortError' });
    // A request given up under way might be carried out after the previous secret is back.
    expect(textOf({ log })).toMatch(
      /authentik has a new client secret\nPrevious client secret restored in authentik$/,
    );
    await expectAsBefore();
  });

  it('should not touch the gateway when authentik fails to store the new secret', async () => {
    await fixture.sandbox.control.faults({
      system: 'authentik',
      method: 'PATCH',
      status: 500,
      times: 1,
    });
    const writesSince = await fixture.watchWrites();

    const error = await fail();

    expect(error.name).toBe('ServiceUnavailableError');
    expect(error.message).toContain('PATCH /api/v3/providers/oauth2/');
    expect(
      (await writesSince()).filter(write => write.startsWith('kubernetes')),
    ).toEqual([]);
    await expectAsBefore();
  });

  it('should report what failed first when the previous secret cannot be put back, and converge later', async () => {
    await fixture.sandbox.control.rollout('crash');
    const struck: Array<Promise<void>> = [];

    const { error, log } = await run({
      onLog: line => {
        if (line === 'authentik has a new client secret') {
          struck.push(
            fixture.sandbox.control.faults({
              system: 'authentik',
              method: 'PATCH',
              unreachable: true,
            }),
          );
        }
      },
      config: { target: { restoreTimeout: 'PT1S' } },
    });

    await Promise.all(struck);
    expect(struck).toHaveLength(1);
    expect(error).toMatchObject({ name: 'GatewayRolloutError' });
    expect(error?.message).toContain('was asked to crash');
    expect(textOf({ log })).toMatch(
      /Restoring the previous client secret in authentik failed: .* cannot be reached: PATCH .*[^.]\. Run hoop:gateway:configure: it gives the gateway the secret that authentik has\./,
    );

    await fixture.sandbox.control.clearFaults();
    await fixture.succeed(createHoopGatewayConfigureAction, INPUT);
    const { authentik, target } = clientSecretsOf(
      await readSystemState(fixture.sandbox),
    );
    expect(target).toBe(authentik);
    expect(authentik).not.toBe(previous);
  });

  it('should refuse where Helm would undo it, unless allowed', async () => {
    await callCluster(fixture.sandbox, 'PATCH', 'secrets/hoopgateway-idp', {
      metadata: {
        labels: { 'app.kubernetes.io/managed-by': 'Helm' },
        annotations: { 'meta.helm.sh/release-name': 'hoop' },
      },
    });
    const writesSince = await fixture.watchWrites();

    const error = await fail();

    expect(error.name).toBe('InputError');
    expect(error.message).toMatch(
      /^The gateway "main" was not changed\. .* is managed by Helm .*set allowManaged to write anyway\.$/,
    );
    expect(await writesSince()).toEqual([]);

    const allowed = await fixture.succeed(
      createHoopGatewayRotateSecretAction,
      { ...INPUT, allowManaged: true },
      { secrets: [previous] },
    );
    expect(allowed.outputs).toMatchObject({ restarted: true, writes: 6 });
  });

  it.each([true, false])(
    'should refuse where another gateway uses the application, dry run: %s',
    async isDryRun => {
      const writesSince = await fixture.watchWrites();

      const error = await fail({ isDryRun, config: { second: {} } });

      expect(error).toMatchObject({
        name: 'InputError',
        message:
          'The client secret was not rotated: the gateway "second" signs people in with the application "hoop". ' +
          'After a rotation, people cannot sign in to such a gateway until it has the new secret. ' +
          'Give each gateway its own application, or set allowShared. ' +
          'Then, right after the rotation: run hoop:gateway:configure for "second".',
      });
      expect(await writesSince()).toEqual([]);
      expect(await readSystemState(fixture.sandbox)).toEqual(before);
    },
  );

  it('should refuse where another gateway cannot be asked', async () => {
    const writesSince = await fixture.watchWrites();

    const error = await fail({ config: { second: { deployment: 'gone' } } });

    expect(error.name).toBe('InputError');
    expect(error.message).toMatch(
      /^The client secret was not rotated: whether the gateway "second" uses the application "hoop" cannot be determined: The Deployment "gone" does not exist in/,
    );
    expect(await writesSince()).toEqual([]);
  });

  it.each([
    [{}, 'the gateway "second" signs people in with the application "hoop"'],
    [{ deployment: 'gone' }, 'whether the gateway "second" uses'],
  ])(
    'should rotate with allowShared, and name the gateways that need the secret: %j',
    async (second, finding) => {
      const input = { ...INPUT, allowShared: true };

      const dry = await fixture.succeed(
        createHoopGatewayRotateSecretAction,
        input,
        { isDryRun: true, config: { second } },
      );
      expect(textOf(dry)).toContain(finding);
      expect(textOf(dry)).toContain(
        'To do right after the rotation: run hoop:gateway:configure for "second"',
      );
      expect(await readSystemState(fixture.sandbox)).toEqual(before);

      const allowed = await fixture.succeed(
        createHoopGatewayRotateSecretAction,
        input,
        { config: { second }, secrets: [previous] },
      );

      expect(allowed.outputs).toMatchObject({ restarted: true, writes: 4 });
      const text = textOf(allowed);
      expect(text.indexOf(finding)).toBeGreaterThanOrEqual(0);
      expect(text.indexOf(finding)).toBeLessThan(
        text.indexOf('authentik has a new client secret'),
      );
      expect(text).toMatch(
        /The client secret has changed\. To do now: run hoop:gateway:configure for "second"$/,
      );
    },
  );

  it('should say what keeps it from rotating at all before it asks other gateways', async () => {
    const error = await fail({
      config: { otherTarget: { type: 'envFile' }, second: {} },
    });

    expect(error.message).toMatch(
      /^The client secret was not rotated\. Its settings are kept in an env file/,
    );
  });

  it('should say what has to be done first where there is no application', async () => {
    const error = await fixture.fail(createHoopGatewayRotateSecretAction, {
      ...INPUT,
      application: 'nothing',
    });

    expect(error).toMatchObject({
      name: 'InputError',
      message: `The authentik application "nothing" on ${fixture.sandbox.authentik.url} does not exist or has no OAuth2/OpenID provider, so there is no secret to rotate. Connect the gateway first.`,
    });
  });

  it('should name the permission that the token lacks', async () => {
    const { tokens } = fixture.sandbox.authentik;

    const error = await fail({
      config: { authentik: { token: tokens.noPermissions } },
    });

    expect(error.name).toBe('ServiceUnavailableError');
    expect(error.message).toContain(
      '. The token of the authentik instance "default" lacks authentik_core.view_application. Grant it to the role of the service account',
    );
    await expectAsBefore();
  });
});
