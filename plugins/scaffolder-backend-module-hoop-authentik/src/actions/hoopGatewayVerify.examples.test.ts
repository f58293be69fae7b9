import { declaredOutputs, exampleCases } from '../__testUtils__/exampleCases';
import { useSandbox } from '../__testUtils__/useSandbox';
import { createHoopGatewayVerifyAction } from './hoopGatewayVerify';

describe('examples of hoop:gateway:verify', () => {
  const fixture = useSandbox();

  it.each(exampleCases(createHoopGatewayVerifyAction))(
    'should do as told: %s',
    async (_, input) => {
      await fixture.connect();

      const run = await fixture.succeed(createHoopGatewayVerifyAction, input);

      expect(run.outputs).toMatchObject({ gateway: 'main', verified: true });
      expect(Object.keys(run.outputs).sort()).toEqual(
        declaredOutputs(createHoopGatewayVerifyAction),
      );
    },
  );
});
