import { declaredOutputs, exampleCases } from '../__testUtils__/exampleCases';
import { useSandbox } from '../__testUtils__/useSandbox';
import { useWorkspace } from '../__testUtils__/useWorkspace';
import { createAuthentikApplicationEnsureAction } from './authentikApplicationEnsure';
import { createHoopHelmValuesPatchAction } from './hoopHelmValuesPatch';

describe('examples of hoop:helmValues:patch', () => {
  const fixture = useSandbox();
  const workspace = useWorkspace();

  it.each(exampleCases(createHoopHelmValuesPatchAction))(
    'should do as told: %s',
    async (_, input) => {
      await fixture.succeed(createAuthentikApplicationEnsureAction, {
        gateway: 'main',
      });
      await workspace.write('values.yaml', '');

      const run = await fixture.succeed(
        createHoopHelmValuesPatchAction,
        input,
        {
          workspacePath: workspace.path,
        },
      );

      expect(run.outputs).toMatchObject({ gateway: 'main', changed: true });
      expect(Object.keys(run.outputs).sort()).toEqual(
        declaredOutputs(createHoopHelmValuesPatchAction),
      );
    },
  );
});
