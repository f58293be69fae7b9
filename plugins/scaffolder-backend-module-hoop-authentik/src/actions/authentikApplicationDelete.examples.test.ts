import { declaredOutputs, exampleCases } from '../__testUtils__/exampleCases';
import { useSandbox } from '../__testUtils__/useSandbox';
import { createAuthentikApplicationDeleteAction } from './authentikApplicationDelete';
import { createAuthentikApplicationEnsureAction } from './authentikApplicationEnsure';

describe('examples of authentik:application:delete', () => {
  const fixture = useSandbox();

  it.each(exampleCases(createAuthentikApplicationDeleteAction))(
    'should do as told: %s',
    async (_, input) => {
      await fixture.succeed(createAuthentikApplicationEnsureAction, {
        gateway: 'main',
      });

      const run = await fixture.succeed(
        createAuthentikApplicationDeleteAction,
        input,
      );

      expect(run.outputs).toEqual({
        application: 'hoop',
        deletedApplication: true,
        deletedProvider: true,
        writes: 2,
      });
      expect(Object.keys(run.outputs).sort()).toEqual(
        declaredOutputs(createAuthentikApplicationDeleteAction),
      );
    },
  );
});
