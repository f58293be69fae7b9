import { declaredOutputs, exampleCases } from '../__testUtils__/exampleCases';
import { useSandbox } from '../__testUtils__/useSandbox';
import { createAuthentikApplicationEnsureAction } from './authentikApplicationEnsure';

describe('examples of authentik:application:ensure', () => {
  const fixture = useSandbox();

  it.each(exampleCases(createAuthentikApplicationEnsureAction))(
    'should do as told: %s',
    async (_, input) => {
      const run = await fixture.succeed(
        createAuthentikApplicationEnsureAction,
        input,
      );

      expect(run.outputs).toMatchObject({
        application: 'hoop',
        gateway: 'main',
        result: 'create',
      });
      expect(Object.keys(run.outputs).sort()).toEqual(
        declaredOutputs(createAuthentikApplicationEnsureAction),
      );
    },
  );
});
