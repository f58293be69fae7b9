import { declaredOutputs, exampleCases } from '../__testUtils__/exampleCases';
import { useSandbox } from '../__testUtils__/useSandbox';
import { createAuthentikApplicationEnsureAction } from './authentikApplicationEnsure';
import { createHoopGatewayConfigureAction } from './hoopGatewayConfigure';

describe('examples of hoop:gateway:configure', () => {
  const fixture = useSandbox();

  it.each(exampleCases(createHoopGatewayConfigureAction))(
    'should do as told: %s',
    async (_, input) => {
      await fixture.succeed(createAuthentikApplicationEnsureAction, {
        gateway: 'main',
      });

      const run = await fixture.succeed(
        createHoopGatewayConfigureAction,
        input,
      );

      expect(run.outputs).toMatchObject({ gateway: 'main', restarted: true });
      expect(Object.keys(run.outputs).sort()).toEqual(
        declaredOutputs(createHoopGatewayConfigureAction),
      );
    },
  );
});
