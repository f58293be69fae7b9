import { textOf } from '../__testUtils__/runAction';
import { callAuthentik, readSystemState } from '../__testUtils__/systemState';
import {
  useSandbox,
  type SandboxRunOptions,
} from '../__testUtils__/useSandbox';
import { createAuthentikApplicationDeleteAction } from './authentikApplicationDelete';
import { createAuthentikApplicationEnsureAction } from './authentikApplicationEnsure';

const INPUT = { gateway: 'main', confirm: 'hoop' };

describe('authentik:application:delete', () => {
  const fixture = useSandbox();

  const ensureApplication = (slug = 'hoop') =>
    fixture.succeed(createAuthentikApplicationEnsureAction, {
      gateway: 'main',
      application: slug,
      bindings: [{ group: 'engineering' }],
    });

  const remove = (options?: SandboxRunOptions) =>
    fixture.succeed(createAuthentikApplicationDeleteAction, INPUT, options);

  /** Lets the deletion of the provider fail once. */
  const interruptBetween = () =>
    fixture.sandbox.control.faults({
      system: 'authentik',
      method: 'DELETE',
      path: '/providers/oauth2/',
      status: 500,
      times: 1,
    });

  it('should delete the application with its bindings, then its provider, and nothing else', async () => {
    await ensureApplication('other');
    const before = await readSystemState(fixture.sandbox);
    const { outputs } = await ensureApplication();
    const writesSince = await fixture.watchWrites();

    const run = await remove();

    expect(run.outputs).toEqual({
      application: 'hoop',
      deletedApplication: true,
      deletedProvider: true,
      writes: 2,
    });
    expect(await writesSince()).toEqual([
      'authentik DELETE /api/v3/core/applications/hoop/',
      `authentik DELETE /api/v3/providers/oauth2/${outputs.providerId}/`,
    ]);
    expect(textOf(run)).toContain('Plan: 2 changes\n');
    expect(textOf(run)).toContain(
      'authentik application "hoop": the whole object: "hoop" -> (deleted)',
    );
    expect(textOf(run)).toContain(
      `authentik provider "Provider for hoop": the whole object: client id "${outputs.clientId}" -> (deleted)`,
    );
    expect(await readSystemState(fixture.sandbox)).toEqual(before);
  });

  it('should succeed where everything is already gone', async () => {
    await ensureApplication();
    await remove();
    const writesSince = await fixture.watchWrites();

    const run = await remove();

    expect(run.outputs).toEqual({
      application: 'hoop',
      deletedApplication: false,
      deletedProvider: false,
      writes: 0,
    });
    expect(textOf(run)).toContain('Plan: no changes');
    expect(await writesSince()).toEqual([]);
  });

  it('should plan and delete nothing in a dry run', async () => {
    await ensureApplication();
    const before = await readSystemState(fixture.sandbox);

    const run = await remove({ isDryRun: true });

    expect(textOf(run)).toContain('2 changes (dry run: nothing is written)');
    expect(run.outputs).toMatchObject({
      deletedApplication: false,
      deletedProvider: false,
      writes: 0,
    });
    expect(run.checkpoints).toEqual({});
    expect(await readSystemState(fixture.sandbox)).toEqual(before);
  });

  it.each([true, false])(
    'should refuse while the gateway signs people in with it, dry run: %s',
    async isDryRun => {
      await fixture.connect();
      const before = await readSystemState(fixture.sandbox);

      const error = await fixture.fail(
        createAuthentikApplicationDeleteAction,
        INPUT,
        { isDryRun },
      );

      expect(error).toMatchObject({
        name: 'InputError',
        message:
          'Nothing was deleted: the gateway "main" signs people in with the application "hoop". Disconnect the gateway first, or run authentik:application:delete with evenIfInUse.',
      });
      expect(await readSystemState(fixture.sandbox)).toEqual(before);
    },
  );

  it('should refuse while any other configured gateway signs people in with it', async () => {
    await fixture.connect();
    const before = await readSystemState(fixture.sandbox);

    const error = await fixture.fail(
      createAuthentikApplicationDeleteAction,
      { gateway: 'second', application: 'hoop', confirm: 'hoop' },
      { config: { second: {} } },
    );

    expect(error.message).toMatch(
      /^Nothing was deleted: the gateway "main" signs people in with the application "hoop"; /,
    );
    expect(await readSystemState(fixture.sandbox)).toEqual(before);
  });

  it('should refuse while another gateway cannot be asked', async () => {
    await ensureApplication();
    const before = await readSystemState(fixture.sandbox);

    const error = await fixture.fail(
      createAuthentikApplicationDeleteAction,
      INPUT,
      { config: { second: { deployment: 'gone' } } },
    );

    expect(error.message).toMatch(
      /^Nothing was deleted: whether the gateway "second" uses the application "hoop" cannot be determined: The Deployment "gone" does not exist in/,
    );
    expect(await readSystemState(fixture.sandbox)).toEqual(before);
  });

  it('should delete it anyway with evenIfInUse', async () => {
    await fixture.connect();

    const run = await fixture.succeed(createAuthentikApplicationDeleteAction, {
      ...INPUT,
      evenIfInUse: true,
    });

    expect(run.outputs).toMatchObject({ writes: 2 });
    expect(await readSystemState(fixture.sandbox)).toMatchObject({
      applications: [],
      providers: [],
      bindings: [],
    });
  });

  it('should delete another application than the one in use', async () => {
    await fixture.connect();
    const before = await readSystemState(fixture.sandbox);
    await ensureApplication('other');

    const run = await fixture.succeed(createAuthentikApplicationDeleteAction, {
      gateway: 'main',
      application: 'other',
      confirm: 'other',
    });

    expect(run.outputs).toMatchObject({ application: 'other', writes: 2 });
    expect(await readSystemState(fixture.sandbox)).toEqual(before);
  });

  it.each(['', 'Hoop', 'other'])(
    'should delete nothing when confirm is "%s"',
    async confirm => {
      await ensureApplication();
      const writesSince = await fixture.watchWrites();

      const error = await fixture.fail(createAuthentikApplicationDeleteAction, {
        gateway: 'main',
        confirm,
      });

      expect(error).toMatchObject({
        name: 'InputError',
        message: `Nothing was changed: confirm must repeat the slug of the application, "hoop"; found "${confirm}".`,
      });
      expect(await writesSince()).toEqual([]);
    },
  );

  it('should finish a deletion that was interrupted between application and provider', async () => {
    await ensureApplication();
    const task = new Map<string, string>();
    await interruptBetween();

    const error = await fixture.fail(
      createAuthentikApplicationDeleteAction,
      INPUT,
      { task },
    );

    expect(error.name).toBe('ServiceUnavailableError');
    expect(await readSystemState(fixture.sandbox)).toMatchObject({
      applications: [],
      providers: [expect.objectContaining({ name: 'Provider for hoop' })],
    });

    const run = await remove({ task });

    expect(run.outputs).toEqual({
      application: 'hoop',
      deletedApplication: false,
      deletedProvider: true,
      writes: 1,
    });
    expect((await readSystemState(fixture.sandbox)).providers).toEqual([]);
    expect((await remove({ task })).outputs).toMatchObject({ writes: 0 });
  });

  it('should not take the provider that was left over from whoever joined it since', async () => {
    const { outputs } = await ensureApplication();
    const task = new Map<string, string>();
    await interruptBetween();
    await fixture.fail(createAuthentikApplicationDeleteAction, INPUT, { task });
    await callAuthentik(fixture.sandbox, 'POST', '/core/applications/', {
      name: 'Provider of another system',
      slug: 'theirs',
      provider: outputs.providerId,
    });
    const before = await readSystemState(fixture.sandbox);

    const run = await remove({ task });

    expect(run.outputs).toMatchObject({ deletedProvider: false, writes: 0 });
    expect(await readSystemState(fixture.sandbox)).toEqual(before);
  });

  it('should name the permission that the token lacks', async () => {
    await ensureApplication();
    const { tokens } = fixture.sandbox.authentik;

    const error = await fixture.fail(
      createAuthentikApplicationDeleteAction,
      INPUT,
      { config: { authentik: { token: tokens.noPermissions } } },
    );

    expect(error.name).toBe('ServiceUnavailableError');
    expect(error.message).toContain(
      '. The token of the authentik instance "default" lacks authentik_core.view_application. Grant it to the role of the service account',
    );
  });

  it('should delete nothing when it is cancelled before', async () => {
    await ensureApplication();
    const cancel = new AbortController();
    const writesSince = await fixture.watchWrites();

    const error = await fixture.fail(
      createAuthentikApplicationDeleteAction,
      INPUT,
      {
        signal: cancel.signal,
        onLog: line => line.startsWith('Plan:') && cancel.abort(),
      },
    );

    expect(error.name).toBe('AbortError');
    expect(await writesSince()).toEqual([]);
  });
});
