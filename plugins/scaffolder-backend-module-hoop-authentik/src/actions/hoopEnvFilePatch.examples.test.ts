import { declaredOutputs, exampleCases } from '../__testUtils__/exampleCases';
import { useSandbox } from '../__testUtils__/useSandbox';
import { useWorkspace } from '../__testUtils__/useWorkspace';
import { createAuthentikApplicationEnsureAction } from './authentikApplicationEnsure';
import { createHoopEnvFilePatchAction } from './hoopEnvFilePatch';

describe('examples of hoop:envFile:patch', () => {
  const fixture = useSandbox();
  const workspace = useWorkspace();

  it.each(exampleCases(createHoopEnvFilePatchAction))(
    'should do as told: %s',
    async (_, input) => {
      await fixture.succeed(createAuthentikApplicationEnsureAction, {
        gateway: 'main',
      });
      await workspace.write('.env', '');

      const run = await fixture.succeed(createHoopEnvFilePatchAction, input, {
        workspacePath: workspace.path,
        config: { otherTarget: { type: 'envFile' } },
      });

      expect(run.outputs).toMatchObject({ gateway: 'main', changed: true });
      expect(Object.keys(run.outputs).sort()).toEqual(
        declaredOutputs(createHoopEnvFilePatchAction),
      );
    },
  );
});
