import { AuthentikServerError } from '../authentik';
import {
  ensureApplication,
  generateClientSecret,
  previewApplication,
} from './ensureApplication';
import { FakeAuthentikClient } from './testing/FakeAuthentikClient';
import { CONTEXT, REDIRECT_URI } from './testing/serverObjects';
import type { ApplicationSpec } from './types';

const SPEC: ApplicationSpec = {
  slug: 'hoop',
  name: 'Hoop',
  bindings: [{ group: 'admin' }, { user: 'jane' }, { policy: 'office-hours' }],
};

describe('ensureApplication', () => {
  let client: FakeAuthentikClient;

  beforeEach(() => {
    client = new FakeAuthentikClient();
  });

  const ensure = (spec: ApplicationSpec = SPEC, signal?: AbortSignal) =>
    ensureApplication(client, spec, CONTEXT, { signal });

  it('should create application, provider and bindings by one write', async () => {
    const ensured = await ensure();

    expect(client.writes).toEqual(['createApplicationWithProvider']);
    const [application] = client.applications;
    const [provider] = client.providers;
    expect(ensured).toMatchObject({
      slug: 'hoop',
      name: 'Hoop',
      applicationId: application.pk,
      providerId: provider.pk,
      clientId: provider.clientId,
      writes: 1,
      plan: { action: 'create' },
    });
    expect(application).toMatchObject({ name: 'Hoop', provider: provider.pk });
    expect(provider).toMatchObject({
      name: 'Provider for Hoop',
      redirectUris: [{ matchingMode: 'strict', url: REDIRECT_URI }],
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

  it('should not give the secret away', async () => {
    const ensured = await ensure();
    const secret = client.providers[0].clientSecret.reveal();
    expect(JSON.stringify(ensured)).not.toContain(secret);
  });

  it('should ask little of the server', async () => {
    await ensure();
    expect(client.calls).toHaveLength(10);
    client.calls.length = 0;
    await ensure();
    expect(client.calls).toHaveLength(9);
  });

  it('should write nothing the second time', async () => {
    await ensure();
    const before = client.contents();
    const again = await ensure();
    expect(again).toMatchObject({ writes: 0, plan: { action: 'unchanged' } });
    expect(client.writes).toHaveLength(1);
    expect(client.contents()).toEqual(before);
  });

  it('should change nothing in a preview', async () => {
    const plan = await previewApplication(client, SPEC, CONTEXT);
    expect(plan.action).toBe('create');
    expect(client.writes).toEqual([]);
  });

  it('should tell the plan before anything is written, and read nothing more for it', async () => {
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
    expect(client.calls).toHaveLength(10);
  });

  it('should adopt a pair that somebody made by hand', async () => {
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
      'updateProvider',
      'updateApplication',
      'createBinding',
      'createBinding',
      'createBinding',
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

  it('should write one field by one request', async () => {
    await ensure();
    client.applications[0].name = 'Other';
    const ensured = await ensure();
    expect(ensured.writes).toBe(1);
    expect(client.writes.slice(1)).toEqual(['updateApplication']);
  });

  it('should join a provider without an application', async () => {
    const orphan = client.addProvider({ name: 'Provider for Hoop' });
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
    // The bindings come before the provider: until it is joined, nobody can sign in.
    expect(client.writes[0]).toBe('createProvider');
    expect(client.writes.at(-1)).toBe('updateApplication');
    expect(client.applications).toMatchObject([
      { provider: client.providers[0].pk },
    ]);
    expect((await ensure()).writes).toBe(0);
  });

  it('should leave nothing behind when the bindings of a new pair are refused', async () => {
    client.refused.add('createApplicationWithProvider').add('createBinding');
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

  it('should join an application and a provider that were taken apart', async () => {
    await ensure();
    const { pk } = client.providers[0];
    await client.updateApplication('hoop', { provider: null });
    const ensured = await ensure();
    expect(ensured).toMatchObject({ providerId: pk, writes: 1 });
    expect(client.applications[0].provider).toBe(pk);
  });

  it('should disable a binding only after the one that takes over is there', async () => {
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

  it('should replace all bindings without a moment of none', async () => {
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

  describe('when several come at once', () => {
    const eight = () => Promise.all(Array.from({ length: 8 }, () => ensure()));

    it.each([
      ['2026.8.0', 'answers the losers 200 and applied: false'],
      ['2025.10.0', 'fails over the losers'],
    ])('should leave one pair on %s, which %s', async version => {
      client.version = version;
      const ensured = await eight();

      expect(client.applications).toHaveLength(1);
      expect(client.providers).toHaveLength(1);
      expect(client.bindings).toHaveLength(3);
      expect(new Set(ensured.map(({ clientId }) => clientId))).toEqual(
        new Set([client.providers[0].clientId]),
      );
      expect(ensured.reduce((sum, { writes }) => sum + writes, 0)).toBe(1);
    });

    it('should leave one pair where the transaction is not permitted', async () => {
      client.refused.add('createApplicationWithProvider');
      const ensured = await Promise.all(
        Array.from({ length: 8 }, () => ensure({ slug: 'hoop' })),
      );
      expect(client.applications).toHaveLength(1);
      expect(client.providers).toHaveLength(1);
      expect(client.applications[0].provider).toBe(client.providers[0].pk);
      expect(new Set(ensured.map(({ providerId }) => providerId)).size).toBe(1);
    });

    it('should leave each binding once on a pair that exists', async () => {
      await ensure({ slug: 'hoop' });
      await eight();
      expect(
        client.bindings.map(
          ({ group, user, policy }) => group ?? user ?? policy,
        ),
      ).toEqual(['group-admin', 7, 'policy-office-hours']);
    });

    it('should keep a binding of the same group that differs', async () => {
      const { applicationId } = await ensure({ slug: 'hoop' });
      client.onWrite = method => {
        if (method === 'createBinding') {
          client.addBinding(applicationId, {
            group: 'group-admin',
            order: 0,
            negate: true,
          });
        }
      };
      await ensure({ slug: 'hoop', bindings: [{ group: 'admin' }] });
      expect(client.bindings.map(({ negate }) => negate)).toEqual([
        false,
        true,
      ]);
    });

    it('should tell the plan again that is made after another writer', async () => {
      const actions: string[][] = await Promise.all(
        Array.from({ length: 2 }, async () => {
          const told: string[] = [];
          await ensureApplication(client, SPEC, CONTEXT, {
            onPlan: ({ action }) => told.push(action),
          });
          return told;
        }),
      );
      expect(actions.sort((a, b) => a.length - b.length)).toEqual([
        ['create'],
        ['create', 'unchanged'],
      ]);
    });

    it('should give up when another writer always comes first', async () => {
      client.createApplicationWithProvider = async () => ({ applied: false });
      await expect(ensure()).rejects.toMatchObject({
        name: 'ConflictError',
        message: expect.stringContaining(
          'The authentik application "hoop" on https://auth.company could not be put in order in 4 tries.',
        ),
      });
    });
  });

  describe('where the transaction is not permitted', () => {
    beforeEach(() => {
      client.refused.add('createApplicationWithProvider');
    });

    it('should create the provider first, then the application', async () => {
      const ensured = await ensure({ slug: 'hoop' });
      expect(client.writes).toEqual(['createProvider', 'createApplication']);
      expect(ensured.writes).toBe(2);
      expect((await ensure({ slug: 'hoop' })).writes).toBe(0);
    });

    it('should not leave a provider behind when the application is refused', async () => {
      client.refused.add('createApplication');
      await expect(ensure()).rejects.toThrow('may not createApplication');
      expect(client.providers).toEqual([]);
    });

    it('should report the first failure when the provider cannot be deleted either', async () => {
      client.refused.add('createApplication').add('deleteProvider');
      await expect(ensure()).rejects.toThrow('may not createApplication');
    });

    it('should keep a provider that another writer has joined in between', async () => {
      let once = true;
      client.onWrite = method => {
        if (method === 'createProvider' && once) {
          once = false;
          client.addApplication({
            name: 'Hoop',
            slug: 'hoop',
            provider: client.providers[0].pk,
          });
        }
      };
      const ensured = await ensure({ slug: 'hoop' });
      expect(client.providers).toHaveLength(1);
      expect(client.applications).toMatchObject([
        { provider: client.providers[0].pk },
      ]);
      expect(ensured.providerId).toBe(client.providers[0].pk);
    });

    it('should keep both when only the icon is refused', async () => {
      client.version = '2025.10.0';
      client.refused.add('setApplicationIconUrl');
      await expect(
        ensure({ slug: 'hoop', icon: 'https://hoop.company/icon.png' }),
      ).rejects.toThrow('may not setApplicationIconUrl');
      expect(client.applications).toMatchObject([
        { provider: client.providers[0].pk },
      ]);
    });
  });

  describe('the icon', () => {
    const icon = 'https://hoop.company/icon.png';

    it('should go with the transaction on new servers', async () => {
      await ensure({ slug: 'hoop', icon });
      expect(client.writes).toEqual(['createApplicationWithProvider']);
      expect(client.applications).toMatchObject([{ metaIcon: icon }]);
    });

    it.each(['2024.12.3', '2025.10.0-rc1'])(
      'should have a request of its own on %s, and only once',
      async version => {
        client.version = version;
        await ensure({ slug: 'hoop', icon });
        expect(client.writes).toEqual([
          'createApplicationWithProvider',
          'setApplicationIconUrl',
        ]);
        expect(client.applications).toMatchObject([{ metaIcon: icon }]);
        expect((await ensure({ slug: 'hoop', icon })).writes).toBe(0);
        client.applications[0].metaIcon = '';
        expect((await ensure({ slug: 'hoop', icon })).writes).toBe(1);
        expect(client.applications).toMatchObject([{ metaIcon: icon }]);
      },
    );
  });

  describe('refusals', () => {
    it('should not take over an application with another type of provider', async () => {
      const application = client.addApplication({ name: 'Hoop', slug: 'hoop' });
      application.provider = 9;
      application.providerModel = 'authentik_providers_saml.samlprovider';
      await expect(ensure()).rejects.toThrow(
        'The authentik application "hoop" on https://auth.company has a provider of type ' +
          'authentik_providers_saml.samlprovider; expected an OAuth2/OpenID provider.',
      );
      expect(client.writes).toEqual([]);
    });

    it('should not take a provider from another application', async () => {
      const { pk } = client.addProvider({ name: 'Provider for Hoop' });
      client.addApplication({ name: 'Other', slug: 'other', provider: pk });
      await expect(ensure()).rejects.toThrow(
        'The authentik provider "Provider for Hoop" on https://auth.company already belongs to the application "other"',
      );
      expect(client.writes).toEqual([]);
    });

    it('should say what authentik said of a name that a provider of another type has', async () => {
      client.otherProviders.push('Provider for Hoop');
      await expect(ensure()).rejects.toThrow(
        /a name is taken by an object of another type.*authentik said: name: provider with this name already exists\./,
      );
      expect(client.writes).toEqual([]);
    });

    it.each([
      [
        { group: 'nope' },
        'no group called "nope". It knows "admin", "auditors", "developers".',
      ],
      [{ user: 'nope' }, 'no user called "nope". Create it there'],
      [{ policy: 'nope' }, 'no policy called "nope". Create it there'],
      [
        {},
        'Binding 1 must name exactly one of group, user and policy; found 0.',
      ],
      [{ group: 'admin', user: 'jane' }, 'policy; found 2.'],
    ])('should refuse the binding %j', async (binding, message) => {
      await expect(
        ensure({ slug: 'hoop', bindings: [binding] }),
      ).rejects.toThrow(message);
      expect(client.writes).toEqual([]);
    });

    it('should ask nothing of a server for a slug that no server takes', async () => {
      await expect(ensure({ slug: 'a b' })).rejects.toThrow('slug must be');
      expect(client.calls).toEqual([]);
    });

    it('should pass a missing permission on, with all others that are missing', async () => {
      client.refused.add('createApplicationWithProvider').add('createProvider');
      client.missingPermissions = ['authentik_core.view_user'];
      await expect(ensure()).rejects.toMatchObject({
        name: 'ServiceUnavailableError',
        message: expect.stringMatching(
          /^the token may not createProvider\. The token of the authentik instance "default" lacks authentik_core\.view_user\. /,
        ),
      });
    });

    it.each<[string, (fake: FakeAuthentikClient) => void]>([
      [
        'a new pair that cannot be made in one transaction',
        fake => fake.refused.add('createApplicationWithProvider'),
      ],
      [
        'an existing pair',
        fake => {
          const { pk } = fake.addProvider({ name: 'Provider for Hoop' });
          fake.addApplication({ name: 'Old', slug: 'hoop', provider: pk });
        },
      ],
    ])(
      'should write nothing of %s where nobody may be bound',
      async (_, make) => {
        make(client);
        client.missingPermissions = ['authentik_policies.add_policybinding'];
        await expect(
          ensure({ slug: 'hoop', name: 'New', bindings: [{ group: 'admin' }] }),
        ).rejects.toThrow('lacks authentik_policies.add_policybinding');
        expect(client.writes).toEqual([]);
      },
    );

    it('should remove the provider it made even where the application may not be deleted', async () => {
      client.refused
        .add('createApplicationWithProvider')
        .add('createBinding')
        .add('deleteApplication');
      await expect(
        ensure({ slug: 'hoop', bindings: [{ group: 'admin' }] }),
      ).rejects.toThrow('the token may not createBinding');
      expect(client.providers).toEqual([]);
    });

    it('should name all missing permissions in a preview too', async () => {
      client.refused.add('listFlows');
      client.missingPermissions = ['authentik_flows.view_flow'];
      await expect(previewApplication(client, SPEC, CONTEXT)).rejects.toThrow(
        'lacks authentik_flows.view_flow.',
      );
    });

    it('should pass a server error on when nobody else created the pair', async () => {
      const failure = new AuthentikServerError('server error');
      client.createApplicationWithProvider = async () => {
        throw failure;
      };
      await expect(ensure()).rejects.toBe(failure);
    });

    it('should not try a change again that the server fails over', async () => {
      await ensure();
      client.applications[0].name = 'Other';
      const failure = new AuthentikServerError('server error');
      let tries = 0;
      client.updateApplication = async () => {
        tries++;
        throw failure;
      };
      await expect(ensure()).rejects.toBe(failure);
      expect(tries).toBe(1);
    });
  });

  describe('when it is cancelled', () => {
    const reason = new Error('cancelled by the user');

    it('should do nothing before the first write', async () => {
      await expect(ensure(SPEC, AbortSignal.abort(reason))).rejects.toBe(
        reason,
      );
      expect(client.writes).toEqual([]);
    });

    it('should not leave a provider behind', async () => {
      const controller = new AbortController();
      client.refused.add('createApplicationWithProvider');
      client.onWrite = () => controller.abort(reason);
      await expect(ensure(SPEC, controller.signal)).rejects.toBe(reason);
      expect(client.writes).toEqual(['createProvider', 'deleteProvider']);
      expect(client.providers).toEqual([]);
    });

    it('should stop between bindings, and finish when it is run again', async () => {
      await ensure({ slug: 'hoop' });
      const controller = new AbortController();
      client.onWrite = () => controller.abort(reason);
      const spec = { ...SPEC, name: undefined };
      await expect(ensure(spec, controller.signal)).rejects.toBe(reason);
      expect(client.bindings).toHaveLength(1);
      client.onWrite = () => {};
      expect((await ensure(spec)).writes).toBe(2);
    });
  });
});

describe('generateClientSecret', () => {
  it('should be long, of letters and digits, and never the same', () => {
    const secrets = Array.from({ length: 20 }, () =>
      generateClientSecret().reveal(),
    );
    secrets.forEach(secret => expect(secret).toMatch(/^[A-Za-z0-9]{128}$/));
    expect(new Set(secrets).size).toBe(20);
  });
});
