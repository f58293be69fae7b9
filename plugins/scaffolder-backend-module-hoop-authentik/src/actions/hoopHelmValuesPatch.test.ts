import { InputError } from '@backstage/errors';
import { parse } from 'yaml';
import { textOf } from '../__testUtils__/runAction';
import { callAuthentik, readSystemState } from '../__testUtils__/systemState';
import { ENTITY_REF } from '../__testUtils__/entities';
import { useSandbox } from '../__testUtils__/useSandbox';
import { useWorkspace } from '../__testUtils__/useWorkspace';
import { createAuthentikApplicationEnsureAction } from './authentikApplicationEnsure';
import { createHoopHelmValuesPatchAction } from './hoopHelmValuesPatch';

const valuesOf = (url: string) => `# Values of the gateway
config:
  API_URL: '${url}' # public
  AUTH_METHOD: local

image: {tag: "1.148.0"}`;

/** A client id is random; one that starts with a digit could be read as a number. */
function quotedNumber(clientId: string): string {
  return /^\d/.test(clientId) ? `"${clientId}"` : clientId;
}

describe('hoop:helmValues:patch', () => {
  const fixture = useSandbox();
  const workspace = useWorkspace();

  const ensureApplication = () =>
    fixture.succeed(createAuthentikApplicationEnsureAction, {
      gateway: 'main',
    });

  const input = { gateway: 'main', path: 'values.yaml' };

  const options = () => ({ workspacePath: workspace.path });

  it('should set the settings and change nothing else, neither in the file nor elsewhere', async () => {
    const { outputs: application } = await ensureApplication();
    await workspace.write(
      'values.yaml',
      valuesOf(fixture.sandbox.gateway.url),
      0o600,
    );
    const before = await readSystemState(fixture.sandbox);
    const writesSince = await fixture.watchWrites();

    const run = await fixture.succeed(
      createHoopHelmValuesPatchAction,
      {
        ...input,
        gateway: undefined,
        entityRef: ENTITY_REF,
        existingSecret: 'hoop-idp',
      },
      options(),
    );

    const { clientId, issuer } = application;
    expect(run.outputs).toEqual({
      path: 'values.yaml',
      changed: true,
      changes: 6,
      gateway: 'main',
      clientId,
      issuer,
      existingSecret: 'hoop-idp',
    });
    expect(await workspace.read('values.yaml')).toBe(`# Values of the gateway
config:
  API_URL: '${fixture.sandbox.gateway.url}' # public
  AUTH_METHOD: oidc
  IDP_CLIENT_ID: ${quotedNumber(String(clientId))}
  IDP_GROUPS_CLAIM: groups
  IDP_ISSUER: ${issuer}
  IDP_CLIENT_SECRET: set-by-existingSecret

image: {tag: "1.148.0"}
existingSecret: hoop-idp`);
    expect(await workspace.mode('values.yaml')).toBe(0o600);
    expect(await workspace.list()).toEqual(['values.yaml']);
    expect(textOf(run)).toContain('config.AUTH_METHOD: "local" -> "oidc"');
    expect(textOf(run)).toContain('The Secret "hoop-idp" must exist');
    expect(await writesSince()).toEqual([]);
    expect(await readSystemState(fixture.sandbox)).toEqual(before);

    const again = await fixture.succeed(
      createHoopHelmValuesPatchAction,
      { ...input, existingSecret: 'hoop-idp' },
      options(),
    );
    expect(again.outputs).toMatchObject({ changed: false, changes: 0 });
  });

  it('should keep the Secret that the gateway already reads, unless asked to replace it', async () => {
    await ensureApplication();
    const values = `${valuesOf(
      fixture.sandbox.gateway.url,
    )}\nexistingSecret: hoop-extra # POSTGRES_DB_URI\n`;
    await workspace.write('values.yaml', values);
    const other = { ...input, existingSecret: 'hoop-idp' };

    const error = await fixture.fail(
      createHoopHelmValuesPatchAction,
      other,
      options(),
    );
    expect(error).toBeInstanceOf(InputError);
    expect(error.message).toMatch(/Put IDP_CLIENT_SECRET into that Secret/);
    expect(await workspace.read('values.yaml')).toBe(values);

    const kept = await fixture.succeed(
      createHoopHelmValuesPatchAction,
      // As an empty field of a form.
      { ...input, existingSecret: '' },
      options(),
    );
    expect(kept.outputs).toMatchObject({ existingSecret: 'hoop-extra' });
    expect(textOf(kept)).toContain('The Secret "hoop-extra" must exist');
    expect(parse(await workspace.read('values.yaml'))).toMatchObject({
      config: { IDP_CLIENT_SECRET: 'set-by-existingSecret' },
      existingSecret: 'hoop-extra',
    });

    await fixture.succeed(
      createHoopHelmValuesPatchAction,
      { ...other, replaceExistingSecret: true },
      options(),
    );
    expect(await workspace.read('values.yaml')).toContain(
      'existingSecret: hoop-idp # POSTGRES_DB_URI\n',
    );
  });

  it('should plan and write nothing in a dry run', async () => {
    await workspace.write('values.yaml', valuesOf(fixture.sandbox.gateway.url));

    const run = await fixture.succeed(createHoopHelmValuesPatchAction, input, {
      ...options(),
      isDryRun: true,
    });

    expect(run.outputs).toMatchObject({
      changed: false,
      changes: 4,
      existingSecret: '',
    });
    expect(textOf(run)).toContain('(given by authentik)');
    expect(await workspace.read('values.yaml')).toBe(
      valuesOf(fixture.sandbox.gateway.url),
    );
  });

  it('should explain a missing file in a dry run, and refuse it in a real one', async () => {
    await ensureApplication();

    const run = await fixture.succeed(createHoopHelmValuesPatchAction, input, {
      ...options(),
      isDryRun: true,
    });
    expect(textOf(run)).toContain('the step that fetches it was skipped');

    const error = await fixture.fail(
      createHoopHelmValuesPatchAction,
      input,
      options(),
    );
    expect(error.message).toContain('Fetch it in an earlier step');
    expect(await workspace.list()).toEqual([]);
  });

  it.each([
    ['there is no application', undefined, /Application exists/],
    [
      'authentik would refuse the sign-in',
      { redirect_uris: [] },
      /[Rr]edirect/,
    ],
  ])('should not touch the file when %s', async (_, change, message) => {
    await workspace.write('values.yaml', valuesOf(fixture.sandbox.gateway.url));
    if (change) {
      const { outputs } = await ensureApplication();
      await callAuthentik(
        fixture.sandbox,
        'PATCH',
        `/providers/oauth2/${outputs.providerId}/`,
        change,
      );
    }

    const error = await fixture.fail(
      createHoopHelmValuesPatchAction,
      input,
      options(),
    );

    expect(error).toBeInstanceOf(InputError);
    expect(error.message).toMatch(/^The file was not changed/);
    expect(error.message).toMatch(message);
    expect(await workspace.read('values.yaml')).toBe(
      valuesOf(fixture.sandbox.gateway.url),
    );
  });

  it('should not start when it is cancelled already', async () => {
    await workspace.write('values.yaml', valuesOf(fixture.sandbox.gateway.url));

    const error = await fixture.fail(createHoopHelmValuesPatchAction, input, {
      ...options(),
      signal: AbortSignal.abort(),
    });

    expect(error.name).toBe('AbortError');
    expect(await workspace.read('values.yaml')).toBe(
      valuesOf(fixture.sandbox.gateway.url),
    );
  });

  it('should reveal no secret of the file, and overwrite it only on request', async () => {
    await ensureApplication();
    const secret = 'clear-text-of-the-file';
    await workspace.write(
      'chart.yaml',
      `hoop-chart:\n  config: {IDP_CLIENT_SECRET: ${secret}}\n`,
    );
    const wrapper = {
      ...input,
      path: 'chart.yaml',
      configPath: 'hoop-chart.config',
      existingSecret: 'hoop-idp',
    };

    await fixture.fail(createHoopHelmValuesPatchAction, wrapper, {
      ...options(),
      secrets: [secret],
    });
    await fixture.succeed(
      createHoopHelmValuesPatchAction,
      { ...wrapper, removeClearSecret: true },
      { ...options(), secrets: [secret] },
    );

    expect(parse(await workspace.read('chart.yaml'))).toMatchObject({
      'hoop-chart': {
        config: { IDP_CLIENT_SECRET: 'set-by-existingSecret' },
        existingSecret: 'hoop-idp',
      },
    });
  });

  it('should refuse a path that leads out of the workspace', async () => {
    await ensureApplication();

    const error = await fixture.fail(
      createHoopHelmValuesPatchAction,
      { ...input, path: '../values.yaml' },
      options(),
    );

    expect(error.name).toBe('NotAllowedError');
  });
});
