import { SecretValue } from '../../core';
import {
  encodeProvider,
  findOAuth2ProviderOf,
  OAUTH2_PROVIDER_MODEL,
} from './providers';
import { CLIENT_SECRET, PROVIDER_FIELDS } from './__testUtils__/everyMethod';
import { RECORDED_VERSIONS, recordedBody } from './__testUtils__/fixtures';
import {
  useRecordedServer,
  type ListBody,
} from './__testUtils__/useRecordedServer';

describe.each(RECORDED_VERSIONS)('Providers on %s', version => {
  const isOld = version === '2025.10';
  const { server, client, answer, lastRequest } = useRecordedServer(version);

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

  it('should accept unknown choices and missing members', async () => {
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

  it('should find a provider by name and check the name again', async () => {
    answer('providersByName');
    await expect(client().findProviderByName('Hoop')).resolves.toMatchObject({
      pk: 2,
    });
    expect(lastRequest().query.get('name')).toBe('Hoop');
    await expect(client().findProviderByName('Other')).resolves.toBeUndefined();
    answer('noProviders');
    await expect(client().findProviderByName('Hoop')).resolves.toBeUndefined();
  });

  it('should omit proxy providers, which the list presents as OAuth2 providers', async () => {
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
    await client().updateProvider(2, { signingKey: null });
    expect(lastRequest().text).toBe('{"signing_key":null}');
    await client().updateProvider(2, {});
    expect(lastRequest().text).toBe('{}');
  });

  it('should find the OAuth2 provider of an application', async () => {
    answer('provider');
    const application = {
      provider: 2,
      providerModel: OAUTH2_PROVIDER_MODEL,
    };
    const find = (given: Partial<typeof application>) =>
      findOAuth2ProviderOf(client(), { ...application, ...given });
    await expect(find({})).resolves.toMatchObject({ pk: 2 });
    expect(server().requests).toHaveLength(1);

    await expect(find({ provider: undefined })).resolves.toBeUndefined();
    await expect(
      find({ providerModel: 'authentik_providers_saml.samlprovider' }),
    ).resolves.toBeUndefined();
    await expect(
      findOAuth2ProviderOf(client(), undefined),
    ).resolves.toBeUndefined();
    expect(server().requests).toHaveLength(1);

    answer('noApplication');
    await expect(find({})).resolves.toBeUndefined();
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

describe('encodeProvider', () => {
  it('should send every member', () => {
    const body = encodeProvider({
      name: 'a',
      authorizationFlow: 'b',
      invalidationFlow: 'c',
      propertyMappings: ['d'],
      clientType: 'public',
      clientId: 'e',
      clientSecret: new SecretValue('f'),
      accessCodeValidity: 'g',
      accessTokenValidity: 'h',
      refreshTokenValidity: 'i',
      includeClaimsInIdToken: false,
      signingKey: 'j',
      encryptionKey: 'k',
      redirectUris: [],
      subMode: 'l',
      issuerMode: 'm',
      grantTypes: ['n'],
      logoutUri: 'o',
      logoutMethod: 'p',
    });
    expect(body).toEqual({
      name: 'a',
      authorization_flow: 'b',
      invalidation_flow: 'c',
      property_mappings: ['d'],
      client_type: 'public',
      client_id: 'e',
      client_secret: 'f',
      access_code_validity: 'g',
      access_token_validity: 'h',
      refresh_token_validity: 'i',
      include_claims_in_id_token: false,
      signing_key: 'j',
      encryption_key: 'k',
      redirect_uris: [],
      sub_mode: 'l',
      issuer_mode: 'm',
      grant_types: ['n'],
      logout_uri: 'o',
      logout_method: 'p',
    });
  });
});
