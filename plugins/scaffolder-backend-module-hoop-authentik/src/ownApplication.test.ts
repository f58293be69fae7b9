import {
  createAuthentikApplicationEnsureAction,
  createAuthentikBindingEnsureAction,
} from './actions';
import { callAuthentik, readSystemState } from './__testUtils__/systemState';
import { useSandbox } from './__testUtils__/useSandbox';

const PAYROLL = {
  matching_mode: 'strict',
  url: 'https://payroll.company/callback',
};

describe('an application of something else', () => {
  const fixture = useSandbox();

  /** With a provider that leads to another system, or somewhere else. */
  async function makeForeign(slug: string, redirectUris = [PAYROLL]) {
    const { outputs } = await fixture.succeed(
      createAuthentikApplicationEnsureAction,
      { gateway: 'main', application: slug },
    );
    await callAuthentik(
      fixture.sandbox,
      'PATCH',
      `/providers/oauth2/${outputs.providerId}/`,
      { redirect_uris: redirectUris },
    );
  }

  it.each([false, true])(
    'should neither be joined to a gateway nor get a binding, dry run %s',
    async isDryRun => {
      await makeForeign('team-hoop');
      const before = await readSystemState(fixture.sandbox);

      const errors = [
        await fixture.fail(
          createAuthentikApplicationEnsureAction,
          { gateway: 'main', application: 'team-hoop' },
          { isDryRun },
        ),
        await fixture.fail(
          createAuthentikApplicationEnsureAction,
          { entityRef: 'resource:default/team-hoop' },
          { isDryRun },
        ),
        await fixture.fail(
          createAuthentikBindingEnsureAction,
          { gateway: 'main', application: 'team-hoop', group: 'engineering' },
          { isDryRun },
        ),
      ];

      for (const error of errors) {
        expect(error.name).toBe('InputError');
        expect(error.message).toMatch(
          /^The authentik application "team-hoop" .* does not belong to the gateway "main": its provider "Provider for team-hoop" leads to "payroll\.company"\. Nothing was changed\./,
        );
      }
      expect(await readSystemState(fixture.sandbox)).toEqual(before);
    },
  );

  it('should be adopted where app-config names it, and be changed once it leads to the gateway', async () => {
    await makeForeign('team-hoop', []);
    const input = { gateway: 'main', application: 'team-hoop' };

    const adopted = await fixture.succeed(
      createAuthentikApplicationEnsureAction,
      { gateway: 'main' },
      { config: { gateway: { application: 'team-hoop' } } },
    );
    expect(adopted.outputs).toMatchObject({ result: 'update', writes: 1 });

    const bound = await fixture.succeed(createAuthentikBindingEnsureAction, {
      ...input,
      group: 'engineering',
    });
    expect(bound.outputs).toMatchObject({ writes: 1 });
  });
});
