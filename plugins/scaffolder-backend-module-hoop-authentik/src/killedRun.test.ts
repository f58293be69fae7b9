import {
  createAuthentikApplicationEnsureAction,
  createHoopGatewayConfigureAction,
  createHoopGatewayRestartAction,
  createHoopGatewayVerifyAction,
} from './actions';
import { LAYOUT_CASES, titleOf } from './__testUtils__/layoutCases';
import { loadLayout, restartGateway } from './__testUtils__/layouts';
import { startMortalCluster } from './__testUtils__/mortalCluster';
import { textOf } from './__testUtils__/runAction';
import {
  readSystemState,
  withoutRestartMark,
} from './__testUtils__/systemState';
import { useSandbox } from './__testUtils__/useSandbox';
import { useWorkspace } from './__testUtils__/useWorkspace';

/** One of each sequence of writes: what an object is called makes no difference here. */
const CASES = LAYOUT_CASES.filter(({ writes }, index) => {
  const kindsIn = (all: string[]) =>
    all.map(write => write.split('/')[0]).join();
  return (
    LAYOUT_CASES.findIndex(one => kindsIn(one.writes) === kindsIn(writes)) ===
    index
  );
});

/**
 * Without what differs from run to run: the client's values, when the gateway restarted, and which of our two objects it
 * reads.
 */
function shapeOf({
  configMaps,
  secrets,
  template,
}: Awaited<ReturnType<typeof readSystemState>>) {
  const keysOf = (objects: Record<string, unknown>) =>
    Object.fromEntries(
      Object.entries(objects).map(([name, data]) => [
        withoutNumber(name),
        Object.keys(data ?? {}).sort(),
      ]),
    );
  return {
    configMaps: keysOf(configMaps),
    secrets: keysOf(secrets),
    spec: JSON.parse(withoutNumber(JSON.stringify(template.spec))),
  };
}

function withoutNumber(text: string): string {
  return text.replaceAll('hoopgateway-idp-2', 'hoopgateway-idp');
}

describe('a run that is killed after one of its writes', () => {
  jest.setTimeout(240_000);
  const fixture = useSandbox();
  const workspace = useWorkspace();

  const configure = createHoopGatewayConfigureAction;
  const ensureApplication = () =>
    fixture.succeed(createAuthentikApplicationEnsureAction, {
      gateway: 'main',
    });

  it.each(CASES.map(one => [titleOf(one), one] as const))(
    'should leave a gateway that starts, which the next run connects: %s',
    async (_, { file, target, allowManaged, writes }) => {
      const input = { gateway: 'main', allowManaged };
      await loadLayout(fixture.sandbox, file);
      await ensureApplication();
      await fixture.succeed(configure, input, { config: { target } });
      const undisturbed = shapeOf(await readSystemState(fixture.sandbox));

      for (let killedAfter = 1; killedAfter <= writes.length; killedAfter++) {
        await fixture.sandbox.control.reset();
        await loadLayout(fixture.sandbox, file);
        await ensureApplication();
        const cluster = await startMortalCluster(
          fixture.sandbox,
          workspace.path,
          killedAfter,
        );
        try {
          // It succeeds where only the record of the switch is left to remove.
          await fixture.run(configure, input, {
            config: {
              target: {
                ...target,
                cluster: { kubeconfig: cluster.kubeconfig },
                rolloutTimeout: 'PT1S',
              },
            },
          });
        } finally {
          await cluster.close();
        }

        await restartGateway(fixture.sandbox);
        expect(['local', 'oidc']).toContain(await fixture.authMethod());

        await fixture.succeed(configure, input, { config: { target } });
        expect(await fixture.authMethod()).toBe('oidc');
        await fixture.succeed(
          createHoopGatewayVerifyAction,
          { gateway: 'main' },
          { config: { target } },
        );
        expect(shapeOf(await readSystemState(fixture.sandbox))).toEqual(
          undisturbed,
        );
      }
    },
  );

  const UNDO = [
    {
      file: 'own-objects.yaml',
      target: {},
      // Both objects and the Deployment.
      killedAfter: 3,
    },
    {
      file: 'one-secret.yaml',
      target: { settingsIn: 'secret' as const },
      // The previous values, the Secret and the Deployment.
      killedAfter: 3,
    },
  ];

  it.each(UNDO.map(one => [one.file, one] as const))(
    'should be undone by the next run where the gateway does not start with its settings: %s',
    async (_, { file, target, killedAfter }) => {
      const input = { gateway: 'main' };
      await loadLayout(fixture.sandbox, file);
      await ensureApplication();
      const before = await readSystemState(fixture.sandbox);
      const method = await fixture.authMethod();
      await fixture.sandbox.control.rollout('crash');
      const cluster = await startMortalCluster(
        fixture.sandbox,
        workspace.path,
        killedAfter,
      );
      try {
        await fixture.fail(configure, input, {
          config: {
            target: {
              ...target,
              cluster: { kubeconfig: cluster.kubeconfig },
              rolloutTimeout: 'PT1S',
            },
          },
        });
      } finally {
        await cluster.close();
      }
      await expect(fixture.authMethod()).rejects.toThrow();

      const { outputs, log } = await fixture.succeed(
        createHoopGatewayRestartAction,
        input,
        { config: { target } },
      );

      expect(outputs).toMatchObject({ restarted: true });
      expect(textOf({ log })).toMatch(
        /was never verified\. .*Undoing it first\./,
      );
      expect(await fixture.authMethod()).toBe(method);
      const after = await readSystemState(fixture.sandbox);
      expect(withoutRestartMark(after)).toEqual(withoutRestartMark(before));
      expect(after.template.metadata.annotations ?? {}).toEqual(
        before.template.metadata.annotations ?? {},
      );

      await fixture.succeed(configure, input, { config: { target } });
      expect(await fixture.authMethod()).toBe('oidc');
    },
  );
});
