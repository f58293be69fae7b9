import { SecretValue } from '../../core';
import { CLIENT_SECRET, PROVIDER_FIELDS } from './__testUtils__/everyMethod';
import { RECORDED_VERSIONS, recordedBody } from './__testUtils__/fixtures';
import {
  useRecordedServer,
  type ListBody,
} from './__testUtils__/useRecordedServer';

describe.each(RECORDED_VERSIONS)('Providers on %s', version => {
  const isOld = version === '2025.10';
  const { client, answer, lastRequest } = useRecordedServer(version);

  it('should read a provider', async () => {
    answer('provider');
    const provider = await client().getProvider(2);
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
    await expect(client().getProvider(2)).resolves.toMatchObject({
      clientType: 'new',
      subMode: 'new',
      assignedApplicationSlug: undefined,
    });
  });

  it('should find a provider by its name and check the name again', async () => {
    answer('providersByName');
    await expect(client().findProviderByName('Hoop')).resolves.toMatchObject({
      pk: 2,
    });
    expect(lastRequest().query.get('name')).toBe('Hoop');
    await expect(client().findProviderByName('Other')).resolves.toBeUndefined();
    answer('noProviders');
    await expect(client().findProviderByName('Hoop')).resolves.toBeUndefined();
  });

  it('should leave out proxy providers, which the list calls OAuth2 providers', async () => {
    answer('proxyProviderInList');
    await expect(
      client().findProviderByName('Proxy thing'),
    ).resolves.toBeUndefined();
    await expect(client().listProviders()).resolves.toEqual([]);

    const { results } = recordedBody<ListBody>(version, 'proxyProviderInList');
    expect(results[0].meta_model_name).toMatch(/oauth2provider$/);
    answer({ status: 200, body: results[0] });
    await expect(client().getProvider(68)).resolves.toMatchObject({
      metaModelName: 'authentik_providers_proxy.proxyprovider',
    });
  });

  it('should create and change a provider', async () => {
    answer('createdProvider');
    const created = await client().createProvider(PROVIDER_FIELDS);
    expect(created.name).toBe('Hoop');
    expect(lastRequest()).toMatchObject({
      method: 'POST',
      path: '/api/v3/providers/oauth2/',
      body: { client_secret: CLIENT_SECRET },
    });

    answer('provider');
    await client().updateProvider(2, {
      clientSecret: new SecretValue(CLIENT_SECRET),
    });
    expect(lastRequest()).toMatchObject({
      method: 'PATCH',
      path: '/api/v3/providers/oauth2/2/',
    });
    expect(lastRequest().body).toEqual({ client_secret: CLIENT_SECRET });
  });

  it('should preview the claims of a user', async () => {
    answer('preview');
    await expect(client().previewClaims(2, 4)).resolves.toMatchObject({
      sub: expect.any(String),
    });
    expect(lastRequest().query.get('for_user')).toBe('4');
    await client().previewClaims(2, undefined);
    expect(lastRequest().query.has('for_user')).toBe(false);

    answer('previewUserNotFound');
    await expect(client().previewClaims(2, 4)).rejects.toMatchObject({
      name: 'InputError',
      message: expect.stringContaining('authentik_core.preview_user'),
    });
  });
});
