import { SecretValue } from '../support';
import { DefaultAuthentikClient } from './DefaultAuthentikClient';
import {
  APPLICATION_PK,
  CLIENT_SECRET,
  PROVIDER_FIELDS,
  TOKEN,
} from './testing/everyMethod';
import {
  RECORDED_VERSIONS,
  recorded,
  recordedBody,
  type RecordedName,
} from './testing/fixtures';
import {
  startServer,
  type CannedAnswer,
  type TestServer,
} from './testing/startServer';

interface ListBody {
  pagination: Record<string, number>;
  results: Array<Record<string, unknown>>;
}

describe.each(RECORDED_VERSIONS)('DefaultAuthentikClient on %s', version => {
  const isOld = version === '2025.10';
  let server: TestServer;
  let client: DefaultAuthentikClient;

  beforeEach(async () => {
    server = await startServer();
    client = DefaultAuthentikClient.create({
      name: 'main',
      baseUrl: `${server.url}/`,
      token: new SecretValue(TOKEN),
    });
  });

  afterEach(async () => {
    await client.close();
    await server.close();
  });

  /** Answers the version as recorded and everything else by the answer given. */
  function answer(what: RecordedName | CannedAnswer): void {
    const given = typeof what === 'string' ? recorded(version, what) : what;
    server.respond(({ path }) =>
      path === '/api/v3/admin/version/' ? recorded(version, 'version') : given,
    );
  }

  function lastRequest() {
    return server.requests[server.requests.length - 1];
  }

  it('should know its name, its base URL and its version', async () => {
    answer('noApplication');
    expect(client.name).toBe('main');
    expect(client.baseUrl).toBe(server.url);
    const versions = await Promise.all([
      client.getVersion(),
      client.getVersion(),
    ]);
    await client.getVersion();
    expect(new Set(versions)).toEqual(new Set([`${version}.0-rc1`]));
    expect(server.requests).toHaveLength(1);
  });

  it('should ask for the version anew after a failure', async () => {
    server.respond(() => ({ status: 500 }));
    await expect(client.getVersion()).rejects.toThrow('server error');
    answer('noApplication');
    await expect(client.getVersion()).resolves.toBe(`${version}.0-rc1`);
  });

  it('should say who the token belongs to', async () => {
    answer('self');
    await expect(client.getSelf()).resolves.toEqual({
      pk: expect.any(Number),
      username: 'backstage',
      isSuperuser: false,
    });
  });

  it('should read an application by its detail, never from the list', async () => {
    answer('application');
    await expect(client.getApplication('hoop')).resolves.toEqual({
      pk: expect.stringMatching(/^[0-9a-f-]{36}$/),
      name: 'Hoop',
      slug: 'hoop',
      provider: 2,
      providerModel: 'authentik_providers_oauth2.oauth2provider',
      group: 'Access',
      policyEngineMode: 'any',
      openInNewTab: true,
      metaLaunchUrl: 'https://hoop.company',
      metaIcon: '',
      metaDescription: 'Access gateway',
      metaPublisher: 'Platform team',
      metaHide: isOld ? undefined : false,
    });
    expect(lastRequest().path).toBe('/api/v3/core/applications/hoop/');

    answer('noApplication');
    await expect(client.getApplication('nope')).resolves.toBeUndefined();
  });

  it('should read an application without a provider', async () => {
    const body = recordedBody(version, 'application');
    answer({
      status: 200,
      body: { ...body, provider: null, provider_obj: null },
    });
    await expect(client.getApplication('hoop')).resolves.toMatchObject({
      provider: undefined,
      providerModel: undefined,
    });
  });

  it('should read a provider', async () => {
    answer('provider');
    const provider = await client.getProvider(2);
    expect(provider).toEqual({
      pk: 2,
      name: 'Hoop',
      metaModelName: 'authentik_providers_oauth2.oauth2provider',
      authorizationFlow: expect.any(String),
      invalidationFlow: expect.any(String),
      propertyMappings: [
        expect.any(String),
        expect.any(String),
        expect.any(String),
      ],
      clientType: 'confidential',
      clientId: expect.any(String),
      clientSecret: expect.any(SecretValue),
      accessCodeValidity: 'minutes=1',
      accessTokenValidity: 'hours=1',
      refreshTokenValidity: 'days=30',
      includeClaimsInIdToken: true,
      signingKey: expect.any(String),
      encryptionKey: undefined,
      redirectUris: [
        {
          matchingMode: 'strict',
          url: 'https://hoop.company/api/callback',
          redirectUriType: 'authorization',
        },
      ],
      subMode: 'hashed_user_id',
      issuerMode: 'per_provider',
      grantTypes: isOld ? undefined : ['authorization_code', 'refresh_token'],
      logoutUri: isOld ? undefined : '',
      logoutMethod: isOld ? undefined : 'backchannel',
      assignedApplicationSlug: 'hoop',
    });
    expect(provider?.clientSecret.reveal()).toBe('<client_secret:128>');
  });

  it('should tolerate choices it does not know and members that are missing', async () => {
    const body = recordedBody(version, 'provider');
    delete body.assigned_application_slug;
    answer({
      status: 200,
      body: { ...body, client_type: 'new', sub_mode: 'new', more: { x: 1 } },
    });
    await expect(client.getProvider(2)).resolves.toMatchObject({
      clientType: 'new',
      subMode: 'new',
      assignedApplicationSlug: undefined,
    });
  });

  it('should find a provider by its name and check the name again', async () => {
    answer('providersByName');
    await expect(client.findProviderByName('Hoop')).resolves.toMatchObject({
      pk: 2,
    });
    expect(lastRequest().query.get('name')).toBe('Hoop');
    await expect(client.findProviderByName('Other')).resolves.toBeUndefined();
    answer('noProviders');
    await expect(client.findProviderByName('Hoop')).resolves.toBeUndefined();
  });

  it('should leave out proxy providers, which the list calls OAuth2 providers', async () => {
    answer('proxyProviderInList');
    await expect(
      client.findProviderByName('Proxy thing'),
    ).resolves.toBeUndefined();
    await expect(client.listProviders()).resolves.toEqual([]);

    const { results } = recordedBody<ListBody>(version, 'proxyProviderInList');
    expect(results[0].meta_model_name).toMatch(/oauth2provider$/);
    answer({ status: 200, body: results[0] });
    await expect(client.getProvider(68)).resolves.toMatchObject({
      metaModelName: 'authentik_providers_proxy.proxyprovider',
    });
  });

  it('should create application, provider and bindings at once', async () => {
    answer('created');
    await expect(
      client.createApplicationWithProvider({
        application: { name: 'Hoop', slug: 'hoop', openInNewTab: true },
        provider: PROVIDER_FIELDS,
        bindings: [
          { group: 'g', order: 0, enabled: true },
          { user: 4, order: 1, negate: false, timeout: 30 },
        ],
      }),
    ).resolves.toEqual({ applied: true });
    expect(server.requests).toHaveLength(1);
    expect(lastRequest()).toMatchObject({
      method: 'PUT',
      path: '/api/v3/core/transactional/applications/',
    });
    expect(lastRequest().body).toEqual({
      app: { name: 'Hoop', slug: 'hoop', open_in_new_tab: true },
      provider_model: 'authentik_providers_oauth2.oauth2provider',
      provider: {
        name: 'Hoop',
        authorization_flow: PROVIDER_FIELDS.authorizationFlow,
        invalidation_flow: PROVIDER_FIELDS.invalidationFlow,
        property_mappings: PROVIDER_FIELDS.propertyMappings,
        client_type: 'confidential',
        client_id: 'client',
        client_secret: CLIENT_SECRET,
        signing_key: null,
        redirect_uris: [
          {
            matching_mode: 'strict',
            url: 'https://hoop.company/api/callback',
            redirect_uri_type: 'authorization',
          },
        ],
        grant_types: ['authorization_code', 'refresh_token'],
      },
      policy_bindings: [
        { policy: null, group: 'g', user: null, order: 0, enabled: true },
        {
          policy: null,
          group: null,
          user: 4,
          order: 1,
          negate: false,
          timeout: 30,
        },
      ],
    });
  });

  it('should not ask for the right to bind where nothing is bound', async () => {
    answer('created');
    await client.createApplicationWithProvider({
      application: { name: 'Hoop', slug: 'hoop' },
      provider: PROVIDER_FIELDS,
      bindings: [],
    });
    expect(lastRequest().body).not.toHaveProperty('policy_bindings');
  });

  it('should create and change an application', async () => {
    answer('createdApplication');
    const fields = {
      name: 'Hoop',
      slug: 'hoop',
      provider: 3,
      group: '',
      policyEngineMode: 'all',
      metaHide: true,
    } as const;
    await expect(client.createApplication(fields)).resolves.toMatchObject({
      slug: 'hoop',
    });
    expect(lastRequest()).toMatchObject({
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: {
        name: 'Hoop',
        slug: 'hoop',
        provider: 3,
        group: '',
        policy_engine_mode: 'all',
        meta_hide: true,
      },
    });

    answer('application');
    await client.updateApplication('hoop', { provider: null });
    expect(lastRequest()).toMatchObject({
      method: 'PATCH',
      path: '/api/v3/core/applications/hoop/',
    });
    expect(lastRequest().text).toBe('{"provider":null}');
  });

  it('should set an icon the way the version knows', async () => {
    const url = 'https://hoop.company/icon.png';
    answer('application');
    await client.updateApplication('hoop', { group: 'x', metaIcon: url });
    expect(lastRequest().body).toEqual(
      isOld ? { group: 'x' } : { group: 'x', meta_icon: url },
    );

    answer(isOld ? 'setIconUrl' : 'application');
    await client.setApplicationIconUrl('hoop', url);
    expect(lastRequest()).toMatchObject(
      isOld
        ? {
            method: 'POST',
            path: '/api/v3/core/applications/hoop/set_icon_url/',
            body: { url },
          }
        : {
            method: 'PATCH',
            path: '/api/v3/core/applications/hoop/',
            body: { meta_icon: url },
          },
    );
  });

  it('should create and change a provider', async () => {
    answer('createdProvider');
    const created = await client.createProvider(PROVIDER_FIELDS);
    expect(created.name).toBe('Hoop');
    expect(lastRequest()).toMatchObject({
      method: 'POST',
      path: '/api/v3/providers/oauth2/',
      body: { client_secret: CLIENT_SECRET },
    });

    answer('provider');
    await client.updateProvider(2, {
      clientSecret: new SecretValue(CLIENT_SECRET),
    });
    expect(lastRequest()).toMatchObject({
      method: 'PATCH',
      path: '/api/v3/providers/oauth2/2/',
    });
    expect(lastRequest().body).toEqual({ client_secret: CLIENT_SECRET });
  });

  it.each([
    ['/api/v3/core/applications/hoop/', () => client.deleteApplication('hoop')],
    ['/api/v3/providers/oauth2/2/', () => client.deleteProvider(2)],
    ['/api/v3/policies/bindings/b/', () => client.deleteBinding('b')],
  ])('should delete %s', async (path, remove) => {
    answer({ status: 204 });
    await expect(remove()).resolves.toBe(true);
    expect(lastRequest()).toMatchObject({ method: 'DELETE', path });
    answer('noApplication');
    await expect(remove()).resolves.toBe(false);
  });

  it('should preview the claims of a user', async () => {
    answer('preview');
    await expect(client.previewClaims(2, 4)).resolves.toMatchObject({
      sub: expect.any(String),
    });
    expect(lastRequest().query.get('for_user')).toBe('4');
    await client.previewClaims(2, undefined);
    expect(lastRequest().query.has('for_user')).toBe(false);

    answer('previewUserNotFound');
    await expect(client.previewClaims(2, 4)).rejects.toMatchObject({
      name: 'InputError',
      message: expect.stringContaining('authentik_core.preview_user'),
    });
  });

  it('should list flows, and check the designation again', async () => {
    answer('flows');
    const flows = await client.listFlows({ designation: 'authorization' });
    expect(flows.map(({ slug }) => slug)).toContain(
      'default-provider-authorization-implicit-consent',
    );
    expect(flows[0]).toEqual({
      pk: expect.any(String),
      slug: expect.any(String),
      name: expect.any(String),
      designation: 'authorization',
    });
    expect(lastRequest().query.get('designation')).toBe('authorization');
    await expect(
      client.listFlows({ designation: 'invalidation' }),
    ).resolves.toEqual([]);
    await expect(client.listFlows({})).resolves.toHaveLength(flows.length);
  });

  it('should list key pairs with a private key and their types', async () => {
    answer('keyPairs');
    await expect(client.listKeyPairs()).resolves.toEqual([
      {
        pk: expect.any(String),
        name: 'authentik Self-signed Certificate',
        keyType: 'rsa',
        privateKeyAvailable: true,
        expiry: expect.stringMatching(/^2027-/),
        managed: undefined,
      },
    ]);
    expect(lastRequest().query.get('has_key')).toBe('true');
    expect(lastRequest().query.has('include_details')).toBe(false);

    const body = recordedBody<ListBody>(version, 'keyPairs');
    const [pair] = body.results;
    const member = isOld ? 'private_key_type' : 'key_type';
    body.results = [
      { ...pair, pk: '1', [member]: isOld ? 'ellipticcurve' : 'ec' },
      { ...pair, pk: '2', [member]: null },
      { ...pair, pk: '3', private_key_available: false },
    ];
    answer({ status: 200, body });
    const pairs = await client.listKeyPairs();
    expect(pairs.map(({ keyType }) => keyType)).toEqual(['ec', undefined]);
  });

  it('should list scope mappings', async () => {
    answer('scopeMappings');
    const mappings = await client.listScopeMappings();
    expect(mappings).toContainEqual({
      pk: expect.any(String),
      name: "authentik default OAuth Mapping: OpenID 'profile'",
      scopeName: 'profile',
      managed: 'goauthentik.io/providers/oauth2/scope-profile',
    });
  });

  it('should find a group without its members in full', async () => {
    answer('group');
    await expect(client.findGroup('authentik Admins')).resolves.toEqual({
      pk: expect.any(String),
      name: 'authentik Admins',
      users: [3],
    });
    expect(lastRequest().query.get('include_users')).toBe('false');
    await expect(client.findGroup('Authentik admins')).resolves.toBeUndefined();

    answer('groups');
    const groups = await client.listGroups();
    expect(groups.map(({ name }) => name)).toContain('engineering');
    expect(lastRequest().query.get('include_users')).toBe('false');
  });

  it('should not choose between two groups of one name', async () => {
    const body = recordedBody<ListBody>(version, 'group');
    body.results.push({ ...body.results[0], pk: 'another' });
    answer({ status: 200, body });
    await expect(client.findGroup('authentik Admins')).rejects.toMatchObject({
      name: 'ConflictError',
    });
  });

  it('should find a user and a policy by the exact name', async () => {
    answer('user');
    await expect(client.findUser('jane')).resolves.toEqual({
      pk: 4,
      username: 'jane',
      name: 'Jane Doe',
      email: 'jane@company.example',
      isActive: true,
    });
    expect(Object.fromEntries(lastRequest().query)).toMatchObject({
      username: 'jane',
      include_groups: 'false',
      include_roles: 'false',
    });
    await expect(client.findUser('Jane')).resolves.toBeUndefined();

    answer('policies');
    await expect(client.findPolicy('hoop-allow')).resolves.toEqual({
      pk: expect.any(String),
      name: 'hoop-allow',
    });
    expect(lastRequest().query.get('search')).toBe('hoop-allow');
    await expect(client.findPolicy('hoop')).resolves.toBeUndefined();
  });

  it('should list bindings by order, and check the target again', async () => {
    const body = recordedBody<ListBody>(version, 'bindings');
    const target = body.results[0].target as string;
    body.results.reverse();
    answer({ status: 200, body });
    const bindings = await client.listBindings(target);
    expect(bindings.map(({ order }) => order)).toEqual([0, 1]);
    expect(bindings[0]).toEqual({
      pk: expect.any(String),
      target,
      policy: undefined,
      group: expect.any(String),
      user: undefined,
      order: 0,
      enabled: true,
      negate: false,
      timeout: 30,
      failureResult: false,
    });
    expect(lastRequest().query.get('target')).toBe(target);
    await expect(client.listBindings('another')).resolves.toEqual([]);
    await expect(client.listAllBindings()).resolves.toHaveLength(2);
    expect(lastRequest().query.has('target')).toBe(false);
  });

  it('should send a binding with target, all subjects and order', async () => {
    answer('createdBinding');
    await client.createBinding(APPLICATION_PK, { group: 'g', order: 0 });
    expect(lastRequest().body).toEqual({
      target: APPLICATION_PK,
      policy: null,
      group: 'g',
      user: null,
      order: 0,
    });
    await client.updateBinding('b', APPLICATION_PK, {
      user: 4,
      order: 2,
      enabled: false,
      failureResult: true,
    });
    expect(lastRequest()).toMatchObject({
      method: 'PATCH',
      path: '/api/v3/policies/bindings/b/',
    });
    expect(lastRequest().body).toEqual({
      target: APPLICATION_PK,
      policy: null,
      group: null,
      user: 4,
      order: 2,
      enabled: false,
      failure_result: true,
    });
    const sent = server.requests.length;
    for (const subjects of [{}, { group: 'g', user: 4 }]) {
      await expect(
        client.updateBinding('b', APPLICATION_PK, { ...subjects, order: 0 }),
      ).rejects.toMatchObject({ name: 'InputError' });
    }
    expect(server.requests).toHaveLength(sent);
  });

  it('should tell the last sign-in', async () => {
    const body = recordedBody<{
      results: Array<{ context: { authorized_application: { pk: string } } }>;
    }>(version, 'lastSignIn');
    const { pk } = body.results[0].context.authorized_application;
    const dashed = pk.replace(
      /^(.{8})(.{4})(.{4})(.{4})(.{12})$/,
      '$1-$2-$3-$4-$5',
    );
    answer('lastSignIn');
    await expect(client.getLastSignIn(dashed)).resolves.toEqual({
      at: expect.stringMatching(/^2026-11-23T/),
      username: 'jane',
    });
    expect(Object.fromEntries(lastRequest().query)).toEqual({
      action: 'authorize_application',
      context_authorized_app: pk,
      ordering: '-created',
      page_size: '1',
    });
    // The last page is not asked for.
    expect(server.requests).toHaveLength(1);
    await expect(client.getLastSignIn(APPLICATION_PK)).resolves.toBeUndefined();
    answer('noSignIn');
    await expect(client.getLastSignIn(dashed)).resolves.toBeUndefined();
  });

  it('should read a list to its end', async () => {
    const first = recordedBody<ListBody>(version, 'groups');
    const group = (n: number) => ({
      ...first.results[0],
      pk: `${n}`,
      name: `g${n}`,
    });
    server.respond(({ query }) => {
      const page = Number(query.get('page'));
      // The last group of a page comes again as the first of the next one, as when another was created meanwhile.
      const start = (page - 1) * 99;
      return {
        status: 200,
        body: {
          pagination: { next: page < 3 ? page + 1 : 0 },
          results: Array.from({ length: 100 }, (_, n) => group(start + n)),
        },
      };
    });
    const groups = await client.listGroups();
    expect(groups.map(({ pk }) => Number(pk))).toEqual(
      Array.from({ length: 298 }, (_, n) => n),
    );
    expect(
      server.requests.map(({ query }) => [
        query.get('page'),
        query.get('page_size'),
      ]),
    ).toEqual([
      ['1', '100'],
      ['2', '100'],
      ['3', '100'],
    ]);
  });

  it('should take a page that vanished for the end of the list', async () => {
    const body = recordedBody<ListBody>(version, 'groups');
    body.pagination.next = 2;
    server.respond(({ query }) =>
      query.get('page') === '1'
        ? { status: 200, body }
        : recorded(version, 'invalidPage'),
    );
    await expect(client.listGroups()).resolves.toHaveLength(
      body.results.length,
    );
  });

  it('should not read a list round in circles', async () => {
    const body = recordedBody<ListBody>(version, 'groups');
    body.pagination.next = 1;
    answer({ status: 200, body });
    await expect(client.listGroups()).rejects.toThrow(
      'page 1 names page 1 as the next one',
    );
  });

  it('should use one connection for requests that follow each other', async () => {
    answer('application');
    for (let n = 0; n < 50; n++) {
      await client.getApplication('hoop');
    }
    expect(server.requests).toHaveLength(50);
    expect(server.sockets()).toBe(1);
  });
});

describe('DefaultAuthentikClient', () => {
  it('should keep credentials in the base URL out of messages', async () => {
    const client = DefaultAuthentikClient.create({
      name: 'main',
      baseUrl: 'http://user:pass-word@127.0.0.1:1/sub/',
      token: new SecretValue(TOKEN),
    });
    await expect(client.getSelf()).rejects.toThrow(
      /^authentik instance "main" \(http:\/\/127\.0\.0\.1:1\/sub\) cannot be reached/,
    );
    await client.close();
  });

  it('should end the wait of the caller who aborts and of no other', async () => {
    const server = await startServer();
    server.respond((_, count) =>
      count === 1 ? 'hang' : recorded('2026.8', 'version'),
    );
    const client = DefaultAuthentikClient.create({
      name: 'main',
      baseUrl: server.url,
      token: new SecretValue(TOKEN),
      timeoutMs: 200,
    });
    const controller = new AbortController();
    const aborted = client.getVersion({ signal: controller.signal });
    const other = client.getVersion();
    controller.abort(new Error('enough'));
    await expect(aborted).rejects.toThrow('enough');
    await expect(other).rejects.toThrow('no answer within the deadline');
    await expect(client.getVersion()).resolves.toBe('2026.8.0-rc1');
    await client.close();
    await server.close();
  });
});
