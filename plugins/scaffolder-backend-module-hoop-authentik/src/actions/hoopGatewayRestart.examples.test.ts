import { declaredOutputs, exampleCases } from '../__testUtils__/exampleCases';
import { useSandbox } from '../__testUtils__/useSandbox';
import { createHoopGatewayRestartAction } from './hoopGatewayRestart';

describe('examples of hoop:gateway:restart', () => {
  const fixture = useSandbox();

  it.each(exampleCases(createHoopGatewayRestartAction))(
    'should do as told: %s',
    async (_, input) => {
      const run = await fixture.succeed(createHoopGatewayRestartAction, input);

      expect(run.outputs).toMatchObject({ gateway: 'main' });
      expect(Object.keys(run.outputs).sort()).toEqual(
        declaredOutputs(createHoopGatewayRestartAction),
      );
    },
  );
});
