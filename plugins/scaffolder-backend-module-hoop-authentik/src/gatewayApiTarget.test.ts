import { textOf } from './__testUtils__/runAction';
import { readSystemState } from './__testUtils__/systemState';
import { useSandbox } from './__testUtils__/useSandbox';
import {
  createAuthentikApplicationDeleteAction,
  createAuthentikApplicationEnsureAction,
  createHoopGatewayConfigureAction,
  createHoopGatewayDisconnectAction,
  createHoopGatewayRestartAction,
  createHoopGatewayRotateSecretAction,
  createHoopGatewayVerifyAction,
} from './actions';

const PUT = 'gateway PUT /api/serverconfig/auth';

describe('a gateway that stores its settings itself', () => {
  const fixture = useSandbox();
  const input = { gateway: 'main' };
  const options = () => ({
    config: {
      otherTarget: { type: 'gatewayApi' as const },
      apiKey: fixture.sandbox.gateway.apiKey,
    },
    secrets: [fixture.sandbox.gateway.apiKey],
  });

  const call = async (method: string, body?: object) => {
    const { url, apiKey } = fixture.sandbox.gateway;
    const response = await fetch(`${url}/api/serverconfig/auth`, {
      method,
      headers: {
        authorization: `Bearer ${apiKey}`,
        'content-type': 'application/json',
      },
      body: body && JSON.stringify(body),
    });
    expect(response.status).toBe(200);
    return response.json();
  };

  const ensure = () =>
    fixture.succeed(createAuthentikApplicationEnsureAction, {
      ...input,
      name: 'Hoop.dev',
    });
  const configure = () =>
    fixture.succeed(createHoopGatewayConfigureAction, input, options());

  it('should be connected by one request, without a cluster and without a restart', async () => {
    await ensure();
    const { configMaps, secrets, template } = await readSystemState(
      fixture.sandbox,
    );
    const before = await call('GET');
    const writesSince = await fixture.watchWrites();

    const run = await configure();

    expect(run.outputs).toMatchObject({
      changes: 5,
      writes: 1,
      restarted: false,
    });
    expect(textOf(run)).toContain('IDP_CLIENT_SECRET: set');
    expect(textOf(run)).toContain('AUTH_METHOD: "local" -> "oidc"');
    expect(await writesSince()).toEqual([PUT]);
    expect(await fixture.authMethod()).toBe('oidc');
    expect(await readSystemState(fixture.sandbox)).toMatchObject({
      configMaps,
      secrets,
      template,
    });
    expect(await call('GET')).toEqual({
      ...before,
      auth_method: 'oidc',
      provider_name: 'other',
      oidc_config: {
        issuer_url: `${fixture.sandbox.authentik.url}/application/o/hoop/`,
        client_id: expect.stringMatching(/^\w{40}$/),
        client_secret: expect.stringMatching(/^\w{128}$/),
        scopes: ['openid', 'email', 'profile'],
        audience: '',
        groups_claim: 'groups',
      },
    });

    const verified = await fixture.succeed(
      createHoopGatewayVerifyAction,
      input,
      options(),
    );
    expect(verified.outputs).toMatchObject({ verified: true });
    expect(textOf(verified)).toContain(
      'pass    Configuration stored in the gateway agrees with the settings',
    );
  });

  it('should write nothing the second time, and need no restart', async () => {
    await ensure();
    await configure();
    const stored = await call('GET');
    const writesSince = await fixture.watchWrites();

    const again = await configure();
    const restart = await fixture.succeed(
      createHoopGatewayRestartAction,
      input,
      options(),
    );

    expect(again.outputs).toMatchObject({ changes: 0, writes: 0 });
    expect(restart.outputs).toMatchObject({ restarted: false });
    expect(await writesSince()).toEqual([]);
    expect(await call('GET')).toEqual(stored);
    const error = await fixture.fail(
      createHoopGatewayRestartAction,
      { ...input, always: true },
      options(),
    );
    expect(error.message).toContain('take effect without a restart');
  });

  it('should plan and write nothing in a dry run', async () => {
    await ensure();
    const writesSince = await fixture.watchWrites();
    const run = await fixture.succeed(createHoopGatewayConfigureAction, input, {
      ...options(),
      isDryRun: true,
    });
    expect(textOf(run)).toContain('5 changes (dry run: nothing is written)');
    expect(await writesSince()).toEqual([]);
  });

  it('should be given a new secret', async () => {
    await ensure();
    await configure();
    const { oidc_config: before } = await call('GET');

    const run = await fixture.succeed(
      createHoopGatewayRotateSecretAction,
      input,
      options(),
    );

    expect(run.outputs).toMatchObject({ writes: 2, restarted: false });
    const { oidc_config: after } = await call('GET');
    expect(after).toEqual({ ...before, client_secret: expect.any(String) });
    expect(after.client_secret).not.toBe(before.client_secret);
    expect(await fixture.sandbox.control.secrets()).toContain(
      after.client_secret,
    );
  });

  it('should have its previous configuration back when it does not sign people in', async () => {
    await ensure();
    const before = await call('GET');
    // The settings are read once they are stored, but sign-in never works.
    await fixture.sandbox.control.faults({
      system: 'gateway',
      path: '^/api/login',
      status: 500,
    });

    const error = await fixture.fail(createHoopGatewayConfigureAction, input, {
      ...options(),
      verifyTimeoutMs: 500,
    });

    expect(error.message).toContain('Previous settings restored.');
    expect(await call('GET')).toEqual(before);
    expect(await fixture.authMethod()).toBe('local');
  });

  it('should not change when the gateway cannot load the issuer', async () => {
    await ensure();
    const before = await call('GET');
    await fixture.sandbox.control.faults({
      system: 'gateway',
      method: 'PUT',
      path: '/api/serverconfig/auth',
      status: 400,
    });
    const error = await fixture.fail(
      createHoopGatewayConfigureAction,
      input,
      options(),
    );
    expect(error).toMatchObject({ name: 'InputError' });
    expect(error.message).toContain('stored nothing');
    expect(await call('GET')).toEqual(before);
  });

  it('should be put back when it is cancelled while it is written', async () => {
    await ensure();
    const before = await call('GET');
    await fixture.sandbox.control.faults({
      system: 'gateway',
      method: 'PUT',
      path: '/api/serverconfig/auth',
      latencyMs: 1_000,
      times: 1,
    });
    const cancel = new AbortController();
    const error = await fixture.fail(createHoopGatewayConfigureAction, input, {
      ...options(),
      signal: cancel.signal,
      onLog: line => {
        // The last line before the write.
        if (line.includes('IDP_ISSUER: ')) {
          setTimeout(() => cancel.abort(), 300);
        }
      },
    });
    expect(error.name).toBe('AbortError');
    expect(await call('GET')).toEqual(before);
  });

  it('should keep its application where only its environment says that it is disconnected', async () => {
    await ensure();
    await configure();
    const before = await readSystemState(fixture.sandbox);

    // As if app-config did not say that it stores the settings: with the target of a cluster, and without its key.
    const errors = [
      await fixture.fail(createHoopGatewayDisconnectAction, {
        ...input,
        deleteApplication: true,
        confirm: 'hoop',
      }),
      await fixture.fail(createAuthentikApplicationDeleteAction, {
        ...input,
        confirm: 'hoop',
      }),
    ];

    expect(errors.map(({ name }) => name)).toEqual([
      'InputError',
      'InputError',
    ]);
    expect(errors[0].message).toContain(
      'still reports auth method "oidc"; expected "local"',
    );
    expect(errors[1].message).toContain(
      'the gateway "main" signs people in with the application "hoop"',
    );
    expect(await readSystemState(fixture.sandbox)).toEqual(before);
  });

  it('should say what is wrong with a key that is not accepted', async () => {
    await ensure();
    const apiKey = 'hpk_unknown-to-this-gateway';
    const error = await fixture.fail(createHoopGatewayConfigureAction, input, {
      config: { ...options().config, apiKey },
      secrets: [apiKey],
    });
    expect(error.name).toBe('ServiceUnavailableError');
    expect(error.message).toContain('rejected the API key');
  });
});

describe('a gateway in a cluster that has stored another configuration', () => {
  const fixture = useSandbox();
  const input = { gateway: 'main' };

  it.each([
    ['the API key shows it', true],
    ['only what the gateway does shows it', false],
  ])('should not be configured in vain when %s', async (_, withKey) => {
    const { apiKey, url } = fixture.sandbox.gateway;
    await fixture.connect();
    const stored = await fetch(`${url}/api/serverconfig/auth`, {
      method: 'PUT',
      headers: {
        authorization: `Bearer ${apiKey}`,
        'content-type': 'application/json',
      },
      body: JSON.stringify({
        auth_method: 'local',
        webapp_users_management_status: 'active',
      }),
    });
    expect(stored.status).toBe(200);
    const writesSince = await fixture.watchWrites();

    const error = await fixture.fail(createHoopGatewayConfigureAction, input, {
      config: withKey ? { apiKey } : {},
      secrets: [apiKey],
    });

    expect(error).toMatchObject({ name: 'InputError' });
    expect(error.message).toContain('was not changed');
    expect(error.message).toContain('UPDATE private.authconfig SET');
    expect(await writesSince()).toEqual([]);
  });
});

describe('a gateway whose settings live in a file', () => {
  const fixture = useSandbox();
  const input = { gateway: 'main' };

  it.each([
    [
      'helmValues' as const,
      'hoop:helmValues:patch',
      'a Helm values file or manifest in a repository',
    ],
    ['envFile' as const, 'hoop:envFile:patch', 'an env file of docker compose'],
  ])(
    'should only be verified where the target is "%s"',
    async (type, action, file) => {
      await fixture.connect();
      const config = { otherTarget: { type } };
      const writesSince = await fixture.watchWrites();

      const refusals = [
        await fixture.fail(createHoopGatewayConfigureAction, input, { config }),
        await fixture.fail(createHoopGatewayRotateSecretAction, input, {
          config,
        }),
        await fixture.fail(createHoopGatewayRestartAction, input, { config }),
      ];
      for (const error of refusals) {
        expect(error).toMatchObject({ name: 'InputError' });
        expect(error.message).toContain(`Use ${action}`);
      }
      const deletion = await fixture.fail(
        createAuthentikApplicationDeleteAction,
        { ...input, confirm: 'hoop' },
        { config },
      );
      expect(deletion.message).toContain('signs people in with oidc');
      expect(await writesSince()).toEqual([]);

      const verified = await fixture.succeed(
        createHoopGatewayVerifyAction,
        input,
        { config },
      );
      expect(verified.outputs).toMatchObject({ verified: true });
      expect(textOf(verified)).toContain(
        `skipped Gateway deployment can be read: the settings are kept in ${file}`,
      );
    },
  );
});
