import { declaredOutputs, exampleCases } from '../__testUtils__/exampleCases';
import { useSandbox } from '../__testUtils__/useSandbox';
import { createHoopGatewayDisconnectAction } from './hoopGatewayDisconnect';

describe('examples of hoop:gateway:disconnect', () => {
  const fixture = useSandbox();

  it.each(exampleCases(createHoopGatewayDisconnectAction))(
    'should do as told: %s',
    async (_, input) => {
      await fixture.connect();

      const run = await fixture.succeed(
        createHoopGatewayDisconnectAction,
        input,
      );

      expect(run.outputs).toMatchObject({ gateway: 'main', restarted: true });
      expect(Object.keys(run.outputs).sort()).toEqual(
        declaredOutputs(createHoopGatewayDisconnectAction),
      );
      expect(await fixture.authMethod()).toBe('local');
    },
  );
});
