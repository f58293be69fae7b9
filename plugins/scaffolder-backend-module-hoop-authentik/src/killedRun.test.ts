import {
  createAuthentikApplicationEnsureAction,
  createHoopGatewayConfigureAction,
  createHoopGatewayVerifyAction,
} from './actions';
import { LAYOUT_CASES, titleOf } from './__testUtils__/layoutCases';
import { loadLayout, restartGateway } from './__testUtils__/layouts';
import { startMortalCluster } from './__testUtils__/mortalCluster';
import { readSystemState } from './__testUtils__/systemState';
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

/** Without what differs from run to run: the client's values, and when the gateway restarted. */
function shapeOf({
  configMaps,
  secrets,
  template,
}: Awaited<ReturnType<typeof readSystemState>>) {
  const keysOf = (objects: Record<string, unknown>) =>
    Object.fromEntries(
      Object.entries(objects).map(([name, data]) => [
        name,
        Object.keys(data ?? {}).sort(),
      ]),
    );
  return {
    configMaps: keysOf(configMaps),
    secrets: keysOf(secrets),
    spec: template.spec,
  };
}

describe('a run that is killed after one of its writes', () => {
  jest.setTimeout(240_000);
  const fixture = useSandbox({ rolloutDelayMs: 50 });
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
});
