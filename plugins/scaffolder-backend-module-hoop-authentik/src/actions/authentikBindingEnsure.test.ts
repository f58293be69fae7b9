import { textOf } from '../__testUtils__/runAction';
import { readSystemState } from '../__testUtils__/systemState';
import { useSandbox } from '../__testUtils__/useSandbox';
import { createAuthentikApplicationEnsureAction } from './authentikApplicationEnsure';
import { createAuthentikBindingEnsureAction } from './authentikBindingEnsure';

describe('authentik:binding:ensure', () => {
  const fixture = useSandbox();

  const ensureApplication = () =>
    fixture.succeed(createAuthentikApplicationEnsureAction, {
      gateway: 'main',
      bindings: [{ group: 'engineering', order: 0 }],
    });

  const bindings = async () =>
    (await readSystemState(fixture.sandbox)).bindings;

  it('should bind a user, and leave the rest as it is', async () => {
    const { outputs } = await ensureApplication();
    const before = await readSystemState(fixture.sandbox);
    const writesSince = await fixture.watchWrites();

    const run = await fixture.succeed(createAuthentikBindingEnsureAction, {
      gateway: 'main',
      user: 'bob',
      order: 10,
      negate: true,
      timeout: 5,
    });

    expect(run.outputs).toEqual({
      application: 'hoop',
      applicationId: outputs.applicationId,
      adminUrl: outputs.adminUrl,
      writes: 1,
    });
    expect(textOf(run)).toContain(
      'authentik application "hoop": binding user "bob": (none) -> order 10, enabled, negated',
    );
    expect(await writesSince()).toEqual([
      'authentik POST /api/v3/policies/bindings/',
    ]);
    const after = await readSystemState(fixture.sandbox);
    expect(after).toEqual({ ...before, bindings: expect.any(Array) });
    expect(after.bindings).toEqual([
      ...before.bindings,
      expect.objectContaining({
        target: outputs.applicationId,
        user: expect.any(Number),
        group: null,
        policy: null,
        order: 10,
        negate: true,
        enabled: true,
        timeout: 5,
      }),
    ]);
  });

  it('should write nothing the second time, with the same outputs', async () => {
    await ensureApplication();
    const input = { gateway: 'main', group: 'admin', order: 1 };
    const first = await fixture.succeed(
      createAuthentikBindingEnsureAction,
      input,
    );
    const before = await readSystemState(fixture.sandbox);
    const writesSince = await fixture.watchWrites();

    const second = await fixture.succeed(
      createAuthentikBindingEnsureAction,
      input,
    );

    expect(second.outputs).toEqual({ ...first.outputs, writes: 0 });
    expect(textOf(second)).toContain('Plan: no changes');
    expect(await writesSince()).toEqual([]);
    expect(await readSystemState(fixture.sandbox)).toEqual(before);
  });

  it('should change an option of a binding and keep the others', async () => {
    await ensureApplication();
    const [before] = await bindings();

    const run = await fixture.succeed(createAuthentikBindingEnsureAction, {
      gateway: 'main',
      group: 'engineering',
      failureResult: true,
    });

    expect(run.outputs).toMatchObject({ writes: 1 });
    expect(await bindings()).toEqual([
      { ...Object(before), failure_result: true },
    ]);
  });

  it('should plan and write nothing in a dry run', async () => {
    await ensureApplication();
    const before = await readSystemState(fixture.sandbox);

    const run = await fixture.succeed(
      createAuthentikBindingEnsureAction,
      { gateway: 'main', group: 'admin' },
      { isDryRun: true },
    );

    expect(textOf(run)).toContain('1 change (dry run: nothing is written)');
    expect(textOf(run)).toContain(
      'binding group "admin": (none) -> order 0, enabled',
    );
    expect(run.outputs).toMatchObject({ writes: 0 });
    expect(await readSystemState(fixture.sandbox)).toEqual(before);
  });

  it.each([
    [
      'an unknown group',
      { group: 'absent' },
      /has no group named "absent"; it has .*"engineering".*\. Create it there, or give the name of an existing one\.$/,
    ],
    ['an unknown user', { user: 'absent' }, /has no user named "absent"\./],
    [
      'an unknown policy',
      { policy: 'nothing' },
      /has no policy named "nothing"\./,
    ],
    [
      'no subject',
      {},
      /^Binding 1 must name exactly one of group, user and policy; found 0\.$/,
    ],
    [
      'two subjects',
      { group: 'engineering', user: 'bob' },
      /^Binding 1 must name exactly one of group, user and policy; found 2\.$/,
    ],
  ])('should refuse to bind %s', async (_, subject, message) => {
    await ensureApplication();
    const writesSince = await fixture.watchWrites();

    const error = await fixture.fail(createAuthentikBindingEnsureAction, {
      gateway: 'main',
      ...subject,
    });

    expect(error.name).toBe('InputError');
    expect(error.message).toMatch(message);
    expect(await writesSince()).toEqual([]);
  });

  it('should say what has to be done first where there is no application', async () => {
    const error = await fixture.fail(createAuthentikBindingEnsureAction, {
      gateway: 'main',
      group: 'engineering',
    });

    expect(error).toMatchObject({
      name: 'InputError',
      message: `The authentik application "hoop" on ${fixture.sandbox.authentik.url} does not exist, so nothing can be bound to it. Connect the gateway first.`,
    });
  });

  it('should name the permission that the token lacks', async () => {
    const { tokens } = fixture.sandbox.authentik;

    const error = await fixture.fail(
      createAuthentikBindingEnsureAction,
      { gateway: 'main', group: 'engineering' },
      { config: { authentik: { token: tokens.noPermissions } } },
    );

    expect(error.name).toBe('ServiceUnavailableError');
    expect(error.message).toContain(
      '. The token of the authentik instance "default" lacks authentik_core.view_application. Grant it to the role of the service account',
    );
  });

  it('should write nothing when it is cancelled already', async () => {
    await ensureApplication();
    const writesSince = await fixture.watchWrites();

    const error = await fixture.fail(
      createAuthentikBindingEnsureAction,
      { gateway: 'main', group: 'admin' },
      { signal: AbortSignal.abort() },
    );

    expect(error.name).toBe('AbortError');
    expect(await writesSince()).toEqual([]);
  });
});
