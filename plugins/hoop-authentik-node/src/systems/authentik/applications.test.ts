import { CLIENT_SECRET, PROVIDER_FIELDS } from './__testUtils__/everyMethod';
import { RECORDED_VERSIONS, recordedBody } from './__testUtils__/fixtures';
import { isAtLeast } from './applications';
import { useRecordedServer } from './__testUtils__/useRecordedServer';

describe.each(RECORDED_VERSIONS)('Applications on %s', version => {
  const isOld = version === '2025.10';
  const { server, client, answer, lastRequest } = useRecordedServer(version);

  it('should read an application by slug, never from the list', async () => {
    answer('application');
    await expect(client().getApplication('hoop')).resolves.toEqual({
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
    await expect(client().getApplication('nope')).resolves.toBeUndefined();
  });

  it('should read an application without a provider', async () => {
    const body = recordedBody(version, 'application');
    answer({
      status: 200,
      body: { ...body, provider: null, provider_obj: null },
    });
    await expect(client().getApplication('hoop')).resolves.toMatchObject({
      provider: undefined,
      providerModel: undefined,
    });
  });

  it('should create application, provider and bindings in one request', async () => {
    answer('created');
    await expect(
      client().createApplicationWithProvider({
        application: { name: 'Hoop', slug: 'hoop', openInNewTab: true },
        provider: PROVIDER_FIELDS,
        bindings: [
          { group: 'g', order: 0, enabled: true },
          { user: 4, order: 1, negate: false, timeout: 30 },
        ],
      }),
    ).resolves.toEqual({ applied: true });
    expect(server().requests).toHaveLength(1);
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

  it('should not need the permission to bind without bindings', async () => {
    answer('created');
    await client().createApplicationWithProvider({
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
    await expect(client().createApplication(fields)).resolves.toMatchObject({
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
    await client().updateApplication('hoop', { provider: null });
    expect(lastRequest()).toMatchObject({
      method: 'PATCH',
      path: '/api/v3/core/applications/hoop/',
    });
    expect(lastRequest().text).toBe('{"provider":null}');
    await client().updateApplication('hoop', {});
    expect(lastRequest().text).toBe('{}');
    await client().updateApplication('hoop', {
      metaLaunchUrl: '',
      provider: null,
      openInNewTab: false,
    });
    expect(lastRequest().text).toBe(
      '{"provider":null,"open_in_new_tab":false,"meta_launch_url":""}',
    );
  });

  it('should set an icon as the version requires', async () => {
    const url = 'https://hoop.company/icon.png';
    answer('application');
    await client().updateApplication('hoop', { group: 'x', metaIcon: url });
    expect(lastRequest().body).toEqual(
      isOld ? { group: 'x' } : { group: 'x', meta_icon: url },
    );

    answer(isOld ? 'setIconUrl' : 'application');
    await client().setApplicationIconUrl('hoop', url);
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

  it.each([
    [
      '/api/v3/core/applications/hoop/',
      () => client().deleteApplication('hoop'),
    ],
    ['/api/v3/providers/oauth2/2/', () => client().deleteProvider(2)],
    ['/api/v3/policies/bindings/b/', () => client().deleteBinding('b')],
  ])('should delete %s', async (path, remove) => {
    answer({ status: 204 });
    await expect(remove()).resolves.toBe(true);
    expect(lastRequest()).toMatchObject({ method: 'DELETE', path });
    answer('noApplication');
    await expect(remove()).resolves.toBe(false);
  });
});

describe('isAtLeast', () => {
  it.each([
    ['2024.12.5', false],
    [' 2024.6.0rc2 ', false],
    ['2025.2.0', false],
    ['2025.10.0-rc1', false],
    ['2025.10.9', false],
    ['2025.12', true],
    ['2025.12.0-rc1', true],
    ['2025.12.0', true],
    ['2026.2.1', true],
    ['2026.8.3', true],
    ['', true],
    ['2026', true],
    ['main', true],
    ['gh-next', true],
  ])('should determine whether %j is 2025.12 or later', (version, expected) => {
    expect(isAtLeast(version, '2025.12')).toBe(expected);
  });
});
