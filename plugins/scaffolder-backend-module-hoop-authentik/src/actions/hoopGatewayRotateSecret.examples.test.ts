import { declaredOutputs, exampleCases } from '../__testUtils__/exampleCases';
import { useSandbox } from '../__testUtils__/useSandbox';
import { createHoopGatewayRotateSecretAction } from './hoopGatewayRotateSecret';

describe('examples of hoop:gateway:rotateSecret', () => {
  const fixture = useSandbox();

  it.each(exampleCases(createHoopGatewayRotateSecretAction))(
    'should do as told: %s',
    async (_, input) => {
      await fixture.connect();

      const run = await fixture.succeed(
        createHoopGatewayRotateSecretAction,
        input,
      );

      expect(run.outputs).toMatchObject({ gateway: 'main', restarted: true });
      expect(Object.keys(run.outputs).sort()).toEqual(
        declaredOutputs(createHoopGatewayRotateSecretAction),
      );
    },
  );
});
