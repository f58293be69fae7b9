import {
  ensureApplication,
  generateClientSecret,
  previewApplication,
} from './ensureApplication';
import { FakeAuthentikClient } from './__testUtils__/FakeAuthentikClient';
import {
  CONTEXT,
  EC_KEY,
  REDIRECT_URI,
  RSA_KEY,
} from './__testUtils__/serverObjects';
import { SPEC, STRICT } from './__testUtils__/specs';
import { recordsInMemory } from './records';
import type { ApplicationSpec } from './spec';

describe('ensureApplication', () => {
  let client: FakeAuthentikClient;

  beforeEach(() => {
    client = new FakeAuthentikClient();
  });

  const ensure = (spec: ApplicationSpec = SPEC) =>
    ensureApplication(client, spec, CONTEXT);

  it('should create application and certificate, then provider and bindings, and join them last', async () => {
    const ensured = await ensure();

    expect(client.writes).toEqual([
      'createApplication',
      'createKeyPair',
      'createBinding',
      'createBinding',
      'createBinding',
      'createProvider',
      'updateApplication',
    ]);
    const [application] = client.applications;
    const [provider] = client.providers;
    expect(ensured).toMatchObject({
      slug: 'hoop',
      name: 'Hoop',
      applicationId: application.pk,
      providerId: provider.pk,
      clientId: provider.clientId,
      writes: 7,
      plan: { action: 'create' },
    });
    expect(application).toMatchObject({ name: 'Hoop', provider: provider.pk });
    expect(provider).toMatchObject({
      name: 'Provider for Hoop',
      redirectUris: [{ matchingMode: 'strict', url: REDIRECT_URI }],
      signingKey: client.keyPairs.at(-1)!.pk,
      grantTypes: ['authorization_code', 'refresh_token'],
    });
    expect(provider.clientId).toMatch(/^[A-Za-z0-9]{40}$/);
    expect(provider.clientSecret.reveal()).toMatch(/^[A-Za-z0-9]{128}$/);
    expect(
      client.bindings.map(({ target, group, user, policy, order }) => [
        target,
        group ?? user ?? policy,
        order,
      ]),
    ).toEqual([
      [application.pk, 'group-admin', 0],
      [application.pk, 7, 1],
      [application.pk, 'policy-office-hours', 2],
    ]);
  });

  it('should not reveal the secret', async () => {
    const ensured = await ensure();
    const secret = client.providers[0].clientSecret.reveal();
    expect(JSON.stringify(ensured)).not.toContain(secret);
  });

  it('should send few requests', async () => {
    const run = recordsInMemory();
    await ensureApplication(client, SPEC, CONTEXT, { run });
    expect(client.calls).toHaveLength(8 + 7);
    client.calls.length = 0;
    await ensureApplication(client, SPEC, CONTEXT, { run });
    expect(client.calls).toHaveLength(9);
  });

  it('should write nothing in a second run', async () => {
    await ensure();
    const before = client.contents();
    const again = await ensure();
    expect(again).toMatchObject({ writes: 0, plan: { action: 'unchanged' } });
    expect(client.writes).toHaveLength(7);
    expect(client.contents()).toEqual(before);
  });

  it('should change nothing in a preview', async () => {
    const plan = await previewApplication(client, SPEC, CONTEXT);
    expect(plan.action).toBe('create');
    expect(client.writes).toEqual([]);
  });

  it('should report the plan before the first write, without further reads', async () => {
    const stop = new Error('stop');
    await expect(
      ensureApplication(client, SPEC, CONTEXT, {
        onPlan: () => {
          throw stop;
        },
      }),
    ).rejects.toBe(stop);
    expect(client.writes).toEqual([]);

    client.calls.length = 0;
    const onPlan = jest.fn();
    const { plan } = await ensureApplication(client, SPEC, CONTEXT, { onPlan });
    expect(onPlan.mock.calls).toEqual([[plan]]);
    expect(client.calls.slice(8, 10)).toEqual([
      'createApplication',
      'createKeyPair',
    ]);
  });

  it('should adopt a pair that was created by hand', async () => {
    const provider = client.addProvider({
      name: 'By hand',
      clientType: 'public',
      redirectUris: [
        {
          matchingMode: 'regex',
          url: '.*',
          redirectUriType: 'authorization',
        },
      ],
    });
    client.addApplication({
      name: 'By hand',
      slug: 'hoop',
      group: 'Mine',
      provider: provider.pk,
    });

    const ensured = await ensure();

    expect(ensured).toMatchObject({
      providerId: provider.pk,
      clientId: provider.clientId,
      plan: { action: 'update' },
    });
    expect(client.writes).toEqual([
      'createKeyPair',
      'updateProvider',
      'createBinding',
      'createBinding',
      'createBinding',
      'updateApplication',
    ]);
    expect(client.applications).toMatchObject([
      { name: 'Hoop', group: 'Mine' },
    ]);
    expect(client.providers).toMatchObject([
      { name: 'By hand', clientType: 'confidential' },
    ]);
    expect(client.providers[0].redirectUris).toHaveLength(2);
    expect((await ensure()).writes).toBe(0);
  });

  it('should write one field with one request', async () => {
    await ensure();
    client.applications[0].name = 'Other';
    const ensured = await ensure();
    expect(ensured.writes).toBe(1);
    expect(client.writes.slice(7)).toEqual(['updateApplication']);
  });

  it('should join a provider without an application', async () => {
    const orphan = client.addProvider({
      name: 'Provider for Hoop',
      redirectUris: [STRICT],
    });
    const ensured = await ensure();
    expect(ensured).toMatchObject({
      providerId: orphan.pk,
      plan: { action: 'join' },
    });
    expect(client.providers).toHaveLength(1);
    expect(client.applications).toMatchObject([{ provider: orphan.pk }]);
    expect((await ensure()).writes).toBe(0);
  });

  it('should give a provider to an application without one', async () => {
    const { pk } = client.addApplication({ name: 'Hoop', slug: 'hoop' });
    const ensured = await ensure();
    expect(ensured).toMatchObject({
      applicationId: pk,
      plan: { action: 'join' },
    });
    // The bindings come before the provider: until it is joined, sign-in is not possible.
    expect(client.writes).toContain('createProvider');
    expect(client.writes.at(-1)).toBe('updateApplication');
    expect(client.applications).toMatchObject([
      { provider: client.providers[0].pk },
    ]);
    expect((await ensure()).writes).toBe(0);
  });

  it('should leave nothing behind when the bindings of a new pair are refused', async () => {
    client.refused.add('createBinding');
    await expect(
      ensure({ slug: 'hoop', bindings: [{ group: 'admin' }] }),
    ).rejects.toMatchObject({ name: 'ServiceUnavailableError' });
    expect(client.applications).toEqual([]);
    expect(client.providers).toEqual([]);
  });

  it('should refuse an application whose provider it may not see', async () => {
    client.addApplication({ name: 'Hoop', slug: 'hoop', provider: 4711 });
    await expect(ensure()).rejects.toMatchObject({
      name: 'InputError',
      message: expect.stringContaining(
        'has the provider 4711, which the token may not see',
      ),
    });
    expect(client.writes).toEqual([]);
  });

  it('should rejoin an application and its provider', async () => {
    await ensure();
    const { pk } = client.providers[0];
    await client.updateApplication('hoop', { provider: null });
    const ensured = await ensure();
    expect(ensured).toMatchObject({ providerId: pk, writes: 1 });
    expect(client.applications[0].provider).toBe(pk);
  });

  it('should disable a binding only after the replacing one exists', async () => {
    await ensure({ slug: 'hoop', bindings: [{ group: 'admin' }] });
    const enabled: number[] = [];
    client.onWrite = () => {
      enabled.push(client.bindings.filter(one => one.enabled).length);
    };
    await ensure({
      slug: 'hoop',
      bindings: [{ group: 'admin', enabled: false }, { user: 'jane' }],
    });
    expect(enabled).toEqual([2, 1]);
  });

  it('should always keep a binding while replacing all of them', async () => {
    await ensure();
    const left: number[] = [];
    client.onWrite = () => {
      left.push(client.bindings.length);
    };
    await ensure({
      slug: 'hoop',
      bindings: [{ group: 'developers' }],
      bindingsMode: 'authoritative',
    });
    expect(left).toEqual([4, 3, 2, 1]);
    expect(client.bindings).toMatchObject([{ group: 'group-developers' }]);
  });

  it('should create with one write where the transaction is preferred', async () => {
    const ensured = await ensureApplication(client, SPEC, {
      ...CONTEXT,
      preferredSigningKey: EC_KEY.name,
      transaction: true,
    });
    expect(client.writes).toEqual(['createApplicationWithProvider']);
    expect(ensured).toMatchObject({ writes: 1, plan: { action: 'create' } });
    expect(client.bindings).toHaveLength(3);
  });

  it('should replace a shared key by a certificate of its own, and that one by another on request', async () => {
    const run = recordsInMemory();
    const renew = (spec: Partial<ApplicationSpec>) =>
      ensureApplication(client, { slug: 'hoop', ...spec }, CONTEXT, { run });
    await renew({ signingKey: RSA_KEY.name });
    const keys = client.keyPairs.map(({ pk }) => pk);

    const separated = await renew({ newSigningKey: true });
    const own = client.keyPairs.at(-1)!;
    expect(client.providers[0].signingKey).toBe(own.pk);
    expect(separated.plan.changes).toMatchObject([
      { field: 'signingKey', from: expect.stringContaining(RSA_KEY.name) },
    ]);
    expect(client.keyPairs.map(({ pk }) => pk)).toEqual([...keys, own.pk]);

    await renew({ newSigningKey: true });
    const renewed = client.keyPairs.at(-1)!;
    expect(client.providers[0].signingKey).toBe(renewed.pk);
    // What nothing signs with any more goes, and nothing that others made.
    expect(client.keyPairs.map(({ pk }) => pk)).toEqual([...keys, renewed.pk]);
    expect((await renew({})).writes).toBe(0);
  });

  it('should replace an expired key without being asked', async () => {
    await ensure();
    client.keyPairs.at(-1)!.expiry = '2026-04-30T00:00:00Z';
    const expired = client.keyPairs.at(-1)!.pk;
    expect((await ensure()).plan.action).toBe('update');
    expect(client.providers[0].signingKey).not.toBe(expired);
  });

  describe('the icon', () => {
    const icon = 'https://hoop.company/icon.png';

    it('should be part of the application on new servers', async () => {
      await ensure({ slug: 'hoop', icon });
      expect(client.writes).not.toContain('setApplicationIconUrl');
      expect(client.applications).toMatchObject([{ metaIcon: icon }]);
    });

    it.each(['2024.12.3', '2025.10.0-rc1'])(
      'should take one separate request on %s',
      async version => {
        client.version = version;
        await ensure({ slug: 'hoop', icon });
        expect(client.writes.at(-1)).toBe('setApplicationIconUrl');
        expect(client.writes).toHaveLength(5);
        expect(client.applications).toMatchObject([{ metaIcon: icon }]);
        expect((await ensure({ slug: 'hoop', icon })).writes).toBe(0);
        client.applications[0].metaIcon = '';
        expect((await ensure({ slug: 'hoop', icon })).writes).toBe(1);
        expect(client.applications).toMatchObject([{ metaIcon: icon }]);
      },
    );
  });
});

describe('generateClientSecret', () => {
  it('should be long, consist of letters and digits, and differ every time', () => {
    const secrets = Array.from({ length: 20 }, () =>
      generateClientSecret().reveal(),
    );
    secrets.forEach(secret => expect(secret).toMatch(/^[A-Za-z0-9]{128}$/));
    expect(new Set(secrets).size).toBe(20);
  });
});
