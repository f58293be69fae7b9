import { textOf } from '../__testUtils__/runAction';
import { callAuthentik, readSystemState } from '../__testUtils__/systemState';
import {
  ENTITY_REF,
  ENTITY_WITH_APPLICATION_REF,
} from '../__testUtils__/entities';
import { useSandbox } from '../__testUtils__/useSandbox';
import { createAuthentikApplicationEnsureAction } from './authentikApplicationEnsure';

describe('authentik:application:ensure', () => {
  const fixture = useSandbox();

  it('should create application, certificate, provider and binding, and join them last', async () => {
    const writesSince = await fixture.watchWrites();

    const run = await fixture.succeed(createAuthentikApplicationEnsureAction, {
      gateway: 'main',
      name: 'Hoop.dev',
      group: 'Infrastructure',
      bindings: [{ group: 'engineering', order: 0 }],
    });

    const writes = await writesSince();
    expect([...writes].sort()).toEqual([
      'authentik PATCH /api/v3/core/applications/hoop/',
      'authentik POST /api/v3/core/applications/',
      'authentik POST /api/v3/crypto/certificatekeypairs/generate/',
      'authentik POST /api/v3/policies/bindings/',
      'authentik POST /api/v3/providers/oauth2/',
    ]);
    expect(writes.at(-1)).toContain('PATCH');
    const { applications, providers, bindings } = await readSystemState(
      fixture.sandbox,
    );
    expect(applications).toEqual([
      expect.objectContaining({
        slug: 'hoop',
        name: 'Hoop.dev',
        group: 'Infrastructure',
        pk: run.outputs.applicationId,
        provider: run.outputs.providerId,
      }),
    ]);
    expect(providers).toEqual([
      expect.objectContaining({
        pk: run.outputs.providerId,
        name: 'Provider for Hoop.dev',
        client_id: run.outputs.clientId,
        client_type: 'confidential',
        issuer_mode: 'per_provider',
        redirect_uris: [
          expect.objectContaining({
            matching_mode: 'strict',
            url: `${fixture.sandbox.gateway.url}/api/callback`,
          }),
        ],
      }),
    ]);
    expect(bindings).toEqual([
      expect.objectContaining({ target: run.outputs.applicationId, order: 0 }),
    ]);
    expect(run.outputs).toEqual({
      application: 'hoop',
      applicationId: expect.any(String),
      providerId: expect.any(Number),
      clientId: expect.stringMatching(/^\w{40}$/),
      issuer: `${fixture.sandbox.authentik.url}/application/o/hoop/`,
      adminUrl: `${fixture.sandbox.authentik.url}/if/admin/#/core/applications/hoop`,
      gateway: 'main',
      result: 'create',
      writes: 5,
    });
  });

  it('should write nothing where everything is right already, with the same outputs', async () => {
    const input = {
      gateway: 'main',
      name: 'Hoop.dev',
      group: 'Infrastructure',
      bindings: [{ group: 'engineering', order: 0 }],
    };
    const first = await fixture.succeed(
      createAuthentikApplicationEnsureAction,
      input,
    );
    const before = await readSystemState(fixture.sandbox);
    const writesSince = await fixture.watchWrites();

    const run = await fixture.succeed(
      createAuthentikApplicationEnsureAction,
      input,
    );

    expect(await writesSince()).toEqual([]);
    expect(await readSystemState(fixture.sandbox)).toEqual(before);
    expect(run.outputs).toEqual({
      ...first.outputs,
      result: 'unchanged',
      writes: 0,
    });
    expect(textOf(run)).toContain(
      'Application "hoop" is up to date, nothing was written',
    );
  });

  it('should sign with a named certificate instead of the present one, and keep that without a name', async () => {
    const ensure = (signingKey?: string) =>
      fixture.succeed(createAuthentikApplicationEnsureAction, {
        gateway: 'main',
        signingKey,
      });
    const signingKey = async (providerId: unknown) => {
      const { signing_key: pk } = await callAuthentik(
        fixture.sandbox,
        'GET',
        `/providers/oauth2/${providerId}/`,
      );
      return pk;
    };
    const { outputs } = await ensure();
    const { pk } = await callAuthentik(
      fixture.sandbox,
      'POST',
      '/crypto/certificatekeypairs/generate/',
      { common_name: 'Hoop.dev alone', validity_days: 365 },
    );
    expect(await signingKey(outputs.providerId)).not.toBe(pk);

    const named = await ensure('Hoop.dev alone');

    expect(named.outputs).toMatchObject({ result: 'update', writes: 1 });
    expect(await signingKey(outputs.providerId)).toBe(pk);
    for (const empty of [undefined, '']) {
      expect((await ensure(empty)).outputs).toMatchObject({ writes: 0 });
    }
  });

  it('should warn that the certificate of app-config is not used, until the provider has a usable one', async () => {
    const ensure = async (isDryRun: boolean) => {
      const run = await fixture.succeed(
        createAuthentikApplicationEnsureAction,
        { gateway: 'main' },
        { isDryRun, config: { authentik: { signingKey: 'Gone' } } },
      );
      return textOf(run)
        .split('\n')
        .filter(line => line.includes('hoopAuthentik.authentik[].signingKey'));
    };
    const note = expect.stringMatching(
      /^The certificate "Gone" .* cannot sign tokens: authentik has none of that name, or the token may not see it\. "authentik Self-signed Certificate" signs instead\. /,
    );

    expect(await ensure(true)).toEqual([note]);
    expect(await ensure(false)).toEqual([note]);
    expect(await ensure(false)).toEqual([]);
  });

  it('should put right only what differs, and leave what an operator added', async () => {
    const { outputs } = await fixture.succeed(
      createAuthentikApplicationEnsureAction,
      { gateway: 'main', name: 'Hoop.dev' },
    );
    const added = {
      matching_mode: 'strict',
      url: `${fixture.sandbox.gateway.url}/other/callback`,
      redirect_uri_type: 'authorization',
    };
    await callAuthentik(
      fixture.sandbox,
      'PATCH',
      `/providers/oauth2/${outputs.providerId}/`,
      { redirect_uris: [added], client_type: 'public' },
    );
    const writesSince = await fixture.watchWrites();

    const run = await fixture.succeed(createAuthentikApplicationEnsureAction, {
      gateway: 'main',
      name: 'Hoop.dev',
      description: 'Access to databases',
    });

    expect(run.outputs).toMatchObject({
      result: 'update',
      writes: 2,
      clientId: outputs.clientId,
    });
    expect(await writesSince()).toEqual([
      `authentik PATCH /api/v3/providers/oauth2/${outputs.providerId}/`,
      'authentik PATCH /api/v3/core/applications/hoop/',
    ]);
    const { applications, providers } = await readSystemState(fixture.sandbox);
    expect(applications).toEqual([
      expect.objectContaining({ meta_description: 'Access to databases' }),
    ]);
    expect(providers).toEqual([
      expect.objectContaining({
        client_type: 'confidential',
        redirect_uris: [
          expect.objectContaining(added),
          expect.objectContaining({
            url: `${fixture.sandbox.gateway.url}/api/callback`,
          }),
        ],
      }),
    ]);
  });

  it('should give an application without a provider one', async () => {
    await callAuthentik(fixture.sandbox, 'POST', '/core/applications/', {
      name: 'Made by hand',
      slug: 'hoop',
    });

    const run = await fixture.succeed(createAuthentikApplicationEnsureAction, {
      gateway: 'main',
    });

    expect(run.outputs).toMatchObject({ result: 'join', writes: 3 });
    const { applications } = await readSystemState(fixture.sandbox);
    expect(applications).toEqual([
      expect.objectContaining({
        name: 'Made by hand',
        provider: run.outputs.providerId,
      }),
    ]);
  });

  it('should plan and write nothing in a dry run', async () => {
    const before = await readSystemState(fixture.sandbox);
    const writesSince = await fixture.watchWrites();

    const run = await fixture.succeed(
      createAuthentikApplicationEnsureAction,
      { gateway: 'main', name: 'Hoop.dev' },
      { isDryRun: true },
    );

    expect(textOf(run)).toContain('(dry run: nothing is written)');
    expect(textOf(run)).toContain(
      'authentik application "hoop": name: (unset) -> "Hoop.dev"',
    );
    expect(run.outputs).toMatchObject({
      application: 'hoop',
      result: 'create',
      writes: 0,
    });
    expect(await writesSince()).toEqual([]);
    expect(await readSystemState(fixture.sandbox)).toEqual(before);
  });

  it('should take the slug from the input, else the entity, else the configuration', async () => {
    const slugOf = async (input: {
      entityRef?: string;
      application?: string;
    }) => {
      const { outputs } = await fixture.succeed(
        createAuthentikApplicationEnsureAction,
        { gateway: 'main', ...input },
        { isDryRun: true },
      );
      return outputs.application;
    };

    expect(
      await slugOf({
        entityRef: ENTITY_WITH_APPLICATION_REF,
        application: 'given',
      }),
    ).toBe('given');
    expect(await slugOf({ entityRef: ENTITY_WITH_APPLICATION_REF })).toBe(
      'team-hoop',
    );
    expect(await slugOf({ entityRef: ENTITY_REF })).toBe('hoop');
  });

  it('should end without a trace when it is cancelled', async () => {
    const before = await readSystemState(fixture.sandbox);
    const cancel = new AbortController();

    const error = await fixture.fail(
      createAuthentikApplicationEnsureAction,
      { gateway: 'main' },
      {
        signal: cancel.signal,
        onLog: line => line.startsWith('Plan:') && cancel.abort(),
      },
    );

    expect(error.name).toBe('AbortError');
    expect(await readSystemState(fixture.sandbox)).toEqual(before);
  });
});
