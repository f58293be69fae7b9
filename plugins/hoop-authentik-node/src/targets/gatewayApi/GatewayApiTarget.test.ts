import { InputError, ServiceUnavailableError } from '@backstage/errors';
import { parseAuthConfig } from '../../systems/hoop';
import {
  everythingOf,
  failureOf,
} from '../../systems/kubernetes/__testUtils__/failure';
import {
  fakeGateway,
  LOCAL,
  OTHER,
  SECRETS,
  SETTINGS,
} from './__testUtils__/fakeGateway';

describe('GatewayApiTarget', () => {
  const lines: string[] = [];
  const log = (line: string) => lines.push(line);

  beforeEach(() => {
    lines.length = 0;
  });

  it('should write the settings in one request and need no restart', async () => {
    const { target, state } = fakeGateway(OTHER);
    const plan = (await target.read()).plan(SETTINGS);
    expect(plan).toMatchObject({
      refusals: [],
      owners: [],
      restart: false,
      changes: [
        {
          field: 'IDP_CLIENT_ID',
          from: 'another value (5 characters)',
          to: '"the-client-id"',
        },
        { field: 'IDP_CLIENT_SECRET', from: '<changed>', to: '<changed>' },
        { field: 'IDP_GROUPS_CLAIM', from: '"roles"', to: '"groups"' },
        {
          field: 'IDP_ISSUER',
          from: '"https://other.company/"',
          to: `"${SETTINGS.IDP_ISSUER}"`,
        },
      ],
    });
    const applied = await plan.apply({ log });
    expect(applied.writes).toBe(1);
    expect(state.puts).toBe(1);
    expect(state.stored).toEqual({
      ...OTHER,
      oidc_config: {
        ...OTHER.oidc_config,
        issuer_url: SETTINGS.IDP_ISSUER,
        client_id: 'the-client-id',
        client_secret: 'the-new-client-secret',
        groups_claim: 'groups',
      },
    });
    const again = (await target.read()).plan(SETTINGS);
    expect(again.changes).toEqual([]);
    expect(await again.apply({ log })).toMatchObject({ writes: 0 });
    expect(state.puts).toBe(1);
    SECRETS.forEach(secret =>
      expect(everythingOf([plan, lines])).not.toContain(secret),
    );
  });

  it('should say what the gateway uses, and hide its secrets', async () => {
    const { target } = fakeGateway(OTHER);
    const { state, authConfig } = await target.read();
    expect(state).toMatchObject({
      settings: {
        AUTH_METHOD: { value: 'oidc', shadowedBy: undefined },
        IDP_ISSUER: { value: 'https://other.company/' },
      },
      outcome: { method: 'oidc' },
      settingsInUse: true,
    });
    SECRETS.forEach(secret =>
      expect(everythingOf([state, authConfig])).not.toContain(secret),
    );
    const local = (await fakeGateway(LOCAL).target.read()).state;
    expect(local.settings.IDP_ISSUER).toEqual({
      value: undefined,
      object: undefined,
      source: undefined,
      shadowedBy: undefined,
    });
  });

  it('should not show the secret under the name of another setting', async () => {
    const { target } = fakeGateway({
      ...OTHER,
      oidc_config: { ...OTHER.oidc_config, client_id: 'the-new-client-secret' },
    });
    const { changes } = (await target.read()).plan(SETTINGS);
    expect(JSON.stringify(changes)).not.toContain('the-new-client-secret');
  });

  it('should write nothing when another process changed anything since it was read', async () => {
    const { target, state } = fakeGateway(LOCAL);
    const plan = (await target.read()).plan(SETTINGS);
    state.stored = { ...LOCAL, admin_role_name: 'others' };
    await expect(plan.apply({ log })).rejects.toMatchObject({
      name: 'ConflictError',
      message: expect.stringContaining(
        'was modified concurrently; nothing was overwritten',
      ),
    });
    expect(state.puts).toBe(0);
  });

  it('should restore everything, and keep what other processes changed since', async () => {
    const { target, state } = fakeGateway(OTHER);
    const { restore } = await (await target.read())
      .plan(SETTINGS)
      .apply({ log });
    state.stored = { ...state.stored, admin_role_name: 'renamed' };
    await restore({ log });
    expect(state.stored).toEqual({ ...OTHER, admin_role_name: 'renamed' });
    expect(lines.at(-1)).toBe('Previous settings restored');
    await restore({ log });
    expect(state.puts).toBe(2);
  });

  it('should say that the environment is overridden where nothing was stored', async () => {
    const { target, state } = fakeGateway(LOCAL);
    const { restore } = await (await target.read())
      .plan(SETTINGS)
      .apply({ log });
    await restore({ log });
    expect(state.stored).toEqual(LOCAL);
    expect(lines.at(-1)).toContain('override its environment');
  });

  it('should leave alone what another process has set since', async () => {
    const { target, state } = fakeGateway(LOCAL);
    const { restore } = await (await target.read())
      .plan(SETTINGS)
      .apply({ log });
    state.stored = OTHER;
    await expect(restore({ log })).rejects.toMatchObject({
      name: 'ConflictError',
      message: expect.stringContaining(
        'was modified concurrently; nothing was overwritten',
      ),
    });
    expect(state.stored).toBe(OTHER);
  });

  it('should not restore a placeholder as a secret', async () => {
    const { target, state } = fakeGateway({
      ...OTHER,
      oidc_config: { ...OTHER.oidc_config, client_secret: 'REDACTED' },
    });
    const plan = (await target.read()).plan(SETTINGS);
    expect(plan.loss).toMatch(
      /^The gateway does not show the client secret of its present identity provider, /,
    );
    const { restore } = await plan.apply({ log });
    await expect(restore({ log })).rejects.toThrow(
      'does not show its previous client secret',
    );
    expect(state.puts).toBe(1);
  });

  it.each([
    ['local accounts', LOCAL],
    [
      'another client of the wanted provider, whose secret it shows',
      {
        ...OTHER,
        oidc_config: {
          ...OTHER.oidc_config,
          issuer_url: SETTINGS.IDP_ISSUER,
        },
      },
    ],
    [
      'the wanted client, whose secret it hides',
      {
        ...OTHER,
        oidc_config: {
          ...OTHER.oidc_config,
          issuer_url: SETTINGS.IDP_ISSUER,
          client_id: SETTINGS.IDP_CLIENT_ID,
          client_secret: 'REDACTED',
        },
      },
    ],
  ])('should lose nothing of a gateway with %s', async (_, initial) => {
    const { target } = fakeGateway(initial);
    expect((await target.read()).plan(SETTINGS).loss).toBeUndefined();
  });

  it('should pass on what the gateway refuses, which stores nothing', async () => {
    const { target, client } = fakeGateway(LOCAL);
    const refusal = new InputError('cannot load the issuer');
    client.putAuthConfig.mockRejectedValueOnce(refusal);
    const plan = (await target.read()).plan(SETTINGS);
    await expect(plan.apply({ log })).rejects.toBe(refusal);
    expect(client.putAuthConfig).toHaveBeenCalledTimes(1);
  });

  it('should restore what was stored although the answer was lost', async () => {
    const { target, client, state } = fakeGateway(OTHER);
    client.putAuthConfig.mockImplementationOnce(async document => {
      state.stored = {
        ...JSON.parse(document.reveal()),
        api_key: OTHER.api_key,
      };
      throw new ServiceUnavailableError('no answer');
    });
    const error = await failureOf(
      (await target.read()).plan(SETTINGS).apply({ log }),
    );
    expect(error.name).toBe('ServiceUnavailableError');
    expect(error.message).toBe(
      'The settings could not be written: no answer. Previous settings restored. Fix the cause above and run the task again.',
    );
    expect(state.stored).toEqual(OTHER);
    SECRETS.forEach(secret =>
      expect(everythingOf(error)).not.toContain(secret),
    );
  });

  it('should report both failures when the way back fails too', async () => {
    const { target, client } = fakeGateway(OTHER);
    const plan = (await target.read()).plan(SETTINGS);
    client.putAuthConfig.mockRejectedValue(new Error('no answer'));
    client.getAuthConfig
      .mockResolvedValueOnce(parseAuthConfig(OTHER)!)
      .mockRejectedValueOnce(new Error('gone'));
    await expect(plan.apply({ log })).rejects.toThrow(
      'no answer. Restoring the previous settings failed too: gone. Check the configuration stored by the gateway itself',
    );
  });

  it('should undo the write when the task is cancelled during it', async () => {
    const { target, client, state } = fakeGateway(OTHER);
    const cancel = new AbortController();
    const plan = (await target.read()).plan(SETTINGS);
    const put = client.putAuthConfig.getMockImplementation()!;
    client.putAuthConfig.mockImplementationOnce(async document => {
      cancel.abort();
      return put(document);
    });
    await expect(
      plan.apply({ log, signal: cancel.signal }),
    ).rejects.toMatchObject({ name: 'AbortError' });
    expect(state.stored).toEqual(OTHER);
  });

  it('should plan the way back to local accounts', async () => {
    const { target, state } = fakeGateway(OTHER);
    const plan = (await target.read()).planDisconnect();
    expect(plan.changes).toEqual([
      expect.objectContaining({
        field: 'AUTH_METHOD',
        from: '"oidc"',
        to: '"local"',
      }),
      ...[
        'IDP_CLIENT_ID',
        'IDP_CLIENT_SECRET',
        'IDP_GROUPS_CLAIM',
        'IDP_ISSUER',
      ].map(field => expect.objectContaining({ field, to: '(removed)' })),
    ]);
    expect(JSON.stringify(plan.changes)).not.toContain('the-previous-secret');
    const { restore } = await plan.apply({ log });
    expect(state.stored).toEqual({
      ...OTHER,
      auth_method: 'local',
      oidc_config: null,
    });
    expect((await target.read()).planDisconnect().changes).toEqual([]);
    await restore({ log });
    expect(state.stored).toEqual(OTHER);
  });

  it('should leave a local environment alone, whatever else it sets', async () => {
    const { target } = fakeGateway({
      ...OTHER,
      ...{ auth_method: 'local', provider_name: '', api_key: null },
    });
    expect((await target.read()).planDisconnect().changes).toEqual([]);
  });

  it('should advise instead of restarting', async () => {
    await expect(fakeGateway(LOCAL).target.restart()).rejects.toThrow(
      'take effect without a restart',
    );
  });
});
