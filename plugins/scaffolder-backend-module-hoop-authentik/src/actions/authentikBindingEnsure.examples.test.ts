import { declaredOutputs, exampleCases } from '../__testUtils__/exampleCases';
import { useSandbox } from '../__testUtils__/useSandbox';
import { createAuthentikApplicationEnsureAction } from './authentikApplicationEnsure';
import { createAuthentikBindingEnsureAction } from './authentikBindingEnsure';

describe('examples of authentik:binding:ensure', () => {
  const fixture = useSandbox();

  it.each(exampleCases(createAuthentikBindingEnsureAction))(
    'should do as told: %s',
    async (_, input) => {
      await fixture.succeed(createAuthentikApplicationEnsureAction, {
        gateway: 'main',
      });

      const run = await fixture.succeed(
        createAuthentikBindingEnsureAction,
        input,
      );

      expect(run.outputs).toMatchObject({ application: 'hoop', writes: 1 });
      expect(Object.keys(run.outputs).sort()).toEqual(
        declaredOutputs(createAuthentikBindingEnsureAction),
      );
    },
  );
});
