import {
  createAuthentikApplicationDeleteAction,
  createAuthentikApplicationEnsureAction,
  createAuthentikBindingEnsureAction,
  createHoopAccessGrantAction,
  createHoopEnvFilePatchAction,
  createHoopGatewayConfigureAction,
  createHoopGatewayDisconnectAction,
  createHoopGatewayPreflightAction,
  createHoopGatewayRestartAction,
  createHoopGatewayRotateSecretAction,
  createHoopGatewayVerifyAction,
  createHoopHelmValuesPatchAction,
  createHoopManifestPatchAction,
  createHoopRequestCreateAction,
} from './actions';
import { declaredOutputs, exampleCases } from './__testUtils__/exampleCases';
import type { AnyInput } from './__testUtils__/runAction';
import {
  useSandbox,
  type CreateAction,
  type SandboxRunOptions,
} from './__testUtils__/useSandbox';
import { useWorkspace } from './__testUtils__/useWorkspace';

describe('every example', () => {
  const fixture = useSandbox();
  const workspace = useWorkspace();

  const ensureApplication = () =>
    fixture.succeed(createAuthentikApplicationEnsureAction, {
      gateway: 'main',
    });

  /** Runs each example of an action on a sandbox of its own state. */
  function describeExamples<Input extends AnyInput, Output extends AnyInput>(
    create: CreateAction<Input, Output>,
    expected: Record<string, unknown>,
    prepare: () => Promise<unknown> = async () => {},
    options: () => SandboxRunOptions = () => ({}),
    authMethod?: string,
  ): void {
    it.each(exampleCases(create))(
      `should work and give all outputs: ${create.name}, %s`,
      async (_, input) => {
        await prepare();

        const { outputs } = await fixture.succeed(create, input, options());

        expect(outputs).toMatchObject(expected);
        expect(Object.keys(outputs).sort()).toEqual(declaredOutputs(create));
        const found = authMethod && (await fixture.authMethod());
        expect(found).toBe(authMethod);
      },
    );
  }

  describeExamples(
    createAuthentikApplicationDeleteAction,
    {
      application: 'hoop',
      deletedApplication: true,
      deletedProvider: true,
      writes: 2,
    },
    ensureApplication,
  );
  describeExamples(createAuthentikApplicationEnsureAction, {
    application: 'hoop',
    gateway: 'main',
    result: 'create',
  });
  describeExamples(
    createAuthentikBindingEnsureAction,
    { application: 'hoop', writes: 1 },
    ensureApplication,
  );
  describeExamples(
    createHoopAccessGrantAction,
    { application: 'hoop', writes: 1 },
    () =>
      fixture.succeed(createAuthentikApplicationEnsureAction, {
        gateway: 'main',
        bindings: [{ group: 'admin' }],
      }),
  );
  describeExamples(createHoopRequestCreateAction, { created: true });
  describeExamples(
    createHoopEnvFilePatchAction,
    { gateway: 'main', changed: true },
    async () => {
      await ensureApplication();
      await workspace.write('.env', '');
    },
    () => ({
      workspacePath: workspace.path,
      config: { otherTarget: { type: 'envFile' } },
    }),
  );
  describeExamples(
    createHoopHelmValuesPatchAction,
    { gateway: 'main', changed: expect.any(Boolean) },
    async () => {
      await ensureApplication();
      await workspace.write('values.yaml', '');
      await workspace.write(
        'release.yaml',
        'apiVersion: v1\nkind: Namespace\nmetadata: {name: hoop}\n---\napiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: {name: hoop}\nspec: {}\n',
      );
    },
    () => ({ workspacePath: workspace.path }),
  );
  describeExamples(
    createHoopManifestPatchAction,
    { gateway: 'main', changes: 4 },
    async () => {
      await ensureApplication();
      await workspace.write(
        'hoop.yaml',
        'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: hoop-config}\n',
      );
    },
    () => ({ workspacePath: workspace.path }),
  );
  describeExamples(createHoopGatewayPreflightAction, { gateway: 'main' });
  describeExamples(
    createHoopGatewayConfigureAction,
    { gateway: 'main', restarted: true },
    ensureApplication,
  );
  describeExamples(createHoopGatewayRestartAction, { gateway: 'main' });
  describeExamples(
    createHoopGatewayVerifyAction,
    { gateway: 'main', verified: true },
    fixture.connect,
  );
  describeExamples(
    createHoopGatewayRotateSecretAction,
    { gateway: 'main', restarted: true },
    fixture.connect,
  );
  describeExamples(
    createHoopGatewayDisconnectAction,
    { gateway: 'main', restarted: true },
    fixture.connect,
    () => ({ config: { apiKey: fixture.sandbox.gateway.apiKey } }),
    'local',
  );
});
