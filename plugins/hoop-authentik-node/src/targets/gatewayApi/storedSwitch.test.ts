import { ServiceUnavailableError } from '@backstage/errors';
import { everythingOf } from '../../systems/kubernetes/__testUtils__/failure';
import {
  fakeGateway,
  KeptRecords,
  LOCAL,
  OTHER,
  SECRETS,
  SETTINGS,
} from './__testUtils__/fakeGateway';

describe('a switch of a gateway that stores its settings', () => {
  const lines: string[] = [];
  const log = (line: string) => lines.push(line);

  beforeEach(() => {
    lines.length = 0;
  });

  const SAML = { ...LOCAL, auth_method: 'saml', saml_config: { sso: 'x' } };

  /** A run that is killed after its write. */
  async function cutOff(initial: object) {
    const records = new KeptRecords();
    const fake = fakeGateway(initial, records);
    await (await fake.target.read()).plan(SETTINGS).apply({ log });
    return { ...fake, records };
  }

  it('should be recorded before it is written, without any secret, and forgotten once it is verified', async () => {
    const records = new KeptRecords();
    const { target, client } = fakeGateway(OTHER, records);
    const put = client.putAuthConfig.getMockImplementation()!;
    client.putAuthConfig.mockImplementation(async document => {
      expect(records.unverifiedSwitch).toEqual({
        since: expect.any(String),
        previousMethod: 'oidc',
        written: expect.stringMatching(/^[A-Za-z0-9+/]{43}=$/),
      });
      return put(document);
    });
    const applied = await (await target.read()).plan(SETTINGS).apply({ log });
    const text = everythingOf(records);
    SECRETS.forEach(secret => expect(text).not.toContain(secret));
    expect(await applied.finish({ log })).toBe(0);
    expect(records.unverifiedSwitch).toBeUndefined();
  });

  it('should be forgotten once this run has undone it', async () => {
    const records = new KeptRecords();
    const { target, state } = fakeGateway(LOCAL, records);
    const { restore } = await (await target.read())
      .plan(SETTINGS)
      .apply({ log });
    await restore({ log });
    expect(records.unverifiedSwitch).toBeUndefined();
    expect(state.stored).toEqual(LOCAL);
  });

  it.each([
    ['local accounts', LOCAL],
    ['SAML', SAML],
  ])('should be undone by a later run, back to %s', async (_, initial) => {
    const { target, state, records } = await cutOff(initial);
    const { unverified } = await target.read();
    expect(unverified).toMatchObject({
      since: expect.any(String),
      interrupted: false,
      refusal: undefined,
    });
    state.stored = { ...state.stored, admin_role_name: 'renamed' };
    await unverified!.undo({ log });
    expect(state.stored).toMatchObject({
      auth_method: initial.auth_method,
      oidc_config: null,
      saml_config: initial.saml_config,
      admin_role_name: 'renamed',
    });
    expect(records.unverifiedSwitch).toBeUndefined();
    expect((await target.read()).unverified).toBeUndefined();
  });

  it('should be undone although the gateway does not answer for a moment', async () => {
    const { target, client, state } = await cutOff(LOCAL);
    const { unverified } = await target.read();
    const away = new ServiceUnavailableError('away');
    client.getAuthConfig.mockRejectedValueOnce(away);
    client.putAuthConfig.mockRejectedValueOnce(away);
    await unverified!.undo({ log });
    expect(state.stored).toMatchObject({ auth_method: 'local' });
  });

  it('should not be undone where a client secret would be needed that is kept nowhere', async () => {
    const { target, state } = await cutOff(OTHER);
    const { unverified } = await target.read();
    expect(unverified?.refusal).toContain('is kept nowhere');
    await expect(unverified!.undo({ log })).rejects.toThrow('was not undone');
    expect(state.puts).toBe(1);
  });

  it('should be none where another process has changed the settings since, or the write was never made', async () => {
    const { target, state } = await cutOff(LOCAL);
    state.stored = OTHER;
    expect((await target.read()).unverified).toBeUndefined();
    state.stored = LOCAL;
    expect((await target.read()).unverified).toBeUndefined();
  });

  it('should be undone together with one on top of it', async () => {
    const { target, state } = await cutOff(LOCAL);
    const other = { ...SETTINGS, IDP_CLIENT_ID: 'a-newer-client' };
    await (await target.read()).plan(other).apply({ log });
    const { unverified } = await target.read();
    await unverified!.undo({ log });
    expect(state.stored).toMatchObject({ auth_method: 'local' });
  });

  it('should end with a verification by a later run', async () => {
    const { target, records, state } = await cutOff(LOCAL);
    const { unverified } = await target.read();
    expect(await unverified!.confirm({ log })).toBe(0);
    expect(records.unverifiedSwitch).toBeUndefined();
    expect(state.puts).toBe(1);
  });

  it('should not be written where it cannot be recorded', async () => {
    const records = new KeptRecords();
    const away = new ServiceUnavailableError('the backend plugin is away');
    jest.spyOn(records, 'keepSwitch').mockRejectedValue(away);
    const { target, state } = fakeGateway(LOCAL, records);
    const plan = (await target.read()).plan(SETTINGS);
    await expect(plan.apply({ log })).rejects.toBe(away);
    expect(state.puts).toBe(0);
  });

  it('should be begun only on purpose where the secret of another provider would be lost', async () => {
    const { target } = fakeGateway(OTHER);
    expect((await target.read()).plan(SETTINGS).loss).toMatch(
      /^The gateway forgets the client secret of its present identity provider/,
    );
  });
});
