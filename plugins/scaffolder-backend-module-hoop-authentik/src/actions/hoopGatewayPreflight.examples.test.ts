import { declaredOutputs, exampleCases } from '../__testUtils__/exampleCases';
import { useSandbox } from '../__testUtils__/useSandbox';
import { createHoopGatewayPreflightAction } from './hoopGatewayPreflight';

describe('examples of hoop:gateway:preflight', () => {
  const fixture = useSandbox();

  it.each(exampleCases(createHoopGatewayPreflightAction))(
    'should do as told: %s',
    async (_, input) => {
      const run = await fixture.succeed(
        createHoopGatewayPreflightAction,
        input,
      );

      expect(run.outputs).toMatchObject({ gateway: 'main' });
      expect(Object.keys(run.outputs).sort()).toEqual(
        declaredOutputs(createHoopGatewayPreflightAction),
      );
    },
  );
});
