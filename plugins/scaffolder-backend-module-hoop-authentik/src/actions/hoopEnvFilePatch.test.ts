import { textOf } from '../__testUtils__/runAction';
import { readSystemState } from '../__testUtils__/systemState';
import { useSandbox } from '../__testUtils__/useSandbox';
import { useWorkspace } from '../__testUtils__/useWorkspace';
import { createAuthentikApplicationEnsureAction } from './authentikApplicationEnsure';
import { createHoopEnvFilePatchAction } from './hoopEnvFilePatch';

const envOf = (url: string) => `# gateway
API_URL="${url}"
export IDP_CLIENT_ID='old' # from the console
IDP_CLIENT_SECRET=set-by-hand
`;

describe('hoop:envFile:patch', () => {
  const fixture = useSandbox();
  const workspace = useWorkspace();

  const ensureApplication = () =>
    fixture.succeed(createAuthentikApplicationEnsureAction, {
      gateway: 'main',
    });

  const input = { gateway: 'main', path: '.env' };

  const options = () => ({ workspacePath: workspace.path });

  /** Of a portal whose operator says that the gateway reads an env file. */
  const envFileOptions = () => ({
    ...options(),
    config: { otherTarget: { type: 'envFile' as const } },
  });

  function patched(
    { clientId, issuer }: Record<string, unknown>,
    secret: string,
  ) {
    return `# gateway
API_URL="${fixture.sandbox.gateway.url}"
export IDP_CLIENT_ID='${clientId}' # from the console
IDP_CLIENT_SECRET=${secret}
AUTH_METHOD=oidc
IDP_GROUPS_CLAIM=groups
IDP_ISSUER=${issuer}
`;
  }

  it('should set the settings and keep the client secret', async () => {
    const { outputs: application } = await ensureApplication();
    await workspace.write('.env', envOf(fixture.sandbox.gateway.url), 0o640);
    const writesSince = await fixture.watchWrites();

    const run = await fixture.succeed(
      createHoopEnvFilePatchAction,
      input,
      options(),
    );

    const { clientId, issuer } = application;
    expect(run.outputs).toEqual({
      path: '.env',
      changed: true,
      changes: 4,
      gateway: 'main',
      clientId,
      issuer,
    });
    expect(await workspace.read('.env')).toBe(
      patched(application, 'set-by-hand'),
    );
    expect(await workspace.mode('.env')).toBe(0o640);
    expect(await writesSince()).toEqual([]);
  });

  it('should write the client secret on request, and show it nowhere', async () => {
    const { outputs: application } = await ensureApplication();
    await workspace.write('.env', envOf(fixture.sandbox.gateway.url), 0o644);
    const refused = await fixture.fail(
      createHoopEnvFilePatchAction,
      { ...input, writeClientSecret: true },
      envFileOptions(),
    );
    expect(refused).toMatchObject({
      name: 'InputError',
      message:
        'The file ".env" was not changed: it is to hold the client secret, and users other than its owner can read it. Restrict it with chmod go-r, or set allowOtherReaders.',
    });
    expect(await workspace.read('.env')).toBe(
      envOf(fixture.sandbox.gateway.url),
    );

    const run = await fixture.succeed(
      createHoopEnvFilePatchAction,
      { ...input, writeClientSecret: true, allowOtherReaders: true },
      { ...envFileOptions(), secrets: ['set-by-hand'] },
    );

    const { providers } = await readSystemState(fixture.sandbox);
    const secrets = providers.map(provider => Object(provider).client_secret);
    expect(secrets.map(secret => patched(application, secret))).toContain(
      await workspace.read('.env'),
    );
    expect(textOf(run)).toContain('IDP_CLIENT_SECRET: changed');
    expect(await workspace.mode('.env')).toBe(0o644);
    expect(textOf(run)).toContain(
      '.env is to hold the client secret, and users other than its owner can read it.',
    );
    expect(await workspace.list()).toEqual(['.env']);

    const again = await fixture.succeed(
      createHoopEnvFilePatchAction,
      { ...input, writeClientSecret: true },
      envFileOptions(),
    );
    expect(again.outputs).toMatchObject({ changed: false, changes: 0 });
  });

  it('should warn of no reader where the owner is the only one', async () => {
    await ensureApplication();
    await workspace.write('.env', envOf(fixture.sandbox.gateway.url), 0o600);

    const run = await fixture.succeed(
      createHoopEnvFilePatchAction,
      { ...input, writeClientSecret: true },
      { ...envFileOptions(), secrets: ['set-by-hand'] },
    );

    expect(textOf(run)).not.toContain('may read it');
    expect(await workspace.mode('.env')).toBe(0o600);
  });

  it('should not write the secret of a gateway that reads no env file', async () => {
    await ensureApplication();
    await workspace.write('.env', envOf(fixture.sandbox.gateway.url));
    const { seq } = await fixture.sandbox.control.requests();

    const error = await fixture.fail(
      createHoopEnvFilePatchAction,
      { ...input, writeClientSecret: true },
      options(),
    );

    expect(error).toMatchObject({
      name: 'InputError',
      message:
        'The client secret of the gateway "main" cannot be written to a file: expected the target type envFile in app-config, found kubernetes. Omit writeClientSecret, or change the target if the gateway reads an env file.',
    });
    expect(await workspace.read('.env')).toBe(
      envOf(fixture.sandbox.gateway.url),
    );
    expect((await fixture.sandbox.control.requests(seq)).requests).toEqual([]);
  });

  it('should reveal no secret when the file cannot be parsed', async () => {
    await ensureApplication();
    const secret = 'secret-of-the-file';
    await workspace.write('.env', `IDP_CLIENT_SECRET="${secret}\n`);

    const error = await fixture.fail(createHoopEnvFilePatchAction, input, {
      ...options(),
      secrets: [secret],
    });

    expect(error.message).toContain('.env, line 1: a quote');
  });

  it('should plan and write nothing in a dry run, not even a secret that is to be made', async () => {
    await workspace.write('.env', envOf(fixture.sandbox.gateway.url));

    const run = await fixture.succeed(
      createHoopEnvFilePatchAction,
      { ...input, writeClientSecret: true },
      { ...envFileOptions(), isDryRun: true },
    );

    expect(run.outputs).toMatchObject({ changed: false, changes: 5 });
    expect(await workspace.read('.env')).toBe(
      envOf(fixture.sandbox.gateway.url),
    );
  });

  it('should write nothing for a gateway without an administrator, unless allowed', async () => {
    await ensureApplication();
    await workspace.write('.env', envOf(fixture.sandbox.gateway.url));
    const config = { gateway: { adminGroup: 'nobody-is-in-it' } };

    const error = await fixture.fail(createHoopEnvFilePatchAction, input, {
      ...options(),
      config,
    });
    expect(error.name).toBe('InputError');
    expect(error.message).toContain(
      'The file was not changed. At least one admin can sign in: expected a group "nobody-is-in-it"',
    );
    expect(await workspace.read('.env')).toBe(
      envOf(fixture.sandbox.gateway.url),
    );

    const run = await fixture.succeed(
      createHoopEnvFilePatchAction,
      { ...input, allowLockout: true },
      { ...options(), config },
    );
    expect(run.outputs).toMatchObject({ changed: true });
  });

  it('should not start when it is cancelled already', async () => {
    await workspace.write('.env', envOf(fixture.sandbox.gateway.url));

    const error = await fixture.fail(createHoopEnvFilePatchAction, input, {
      ...options(),
      signal: AbortSignal.abort(),
    });

    expect(error.name).toBe('AbortError');
    expect(await workspace.read('.env')).toBe(
      envOf(fixture.sandbox.gateway.url),
    );
  });
});
