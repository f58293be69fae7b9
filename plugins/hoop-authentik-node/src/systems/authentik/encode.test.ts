import type {
  PatchedApplicationRequest,
  PatchedOAuth2ProviderRequest,
} from '@goauthentik/api';
import { SecretValue } from '../../core';
import { encodeApplication, encodeBinding, encodeProvider } from './encode';
import type { Wire } from './wire';

describe('Wire', () => {
  it('should spell members as the server does', () => {
    const provider = {
      include_claims_in_id_token: true,
      redirect_uris: [
        { matching_mode: 'strict', url: 'x', redirect_uri_type: 'new choice' },
      ],
      signing_key: null,
    } satisfies Wire<PatchedOAuth2ProviderRequest>;
    const misspelled: Wire<PatchedApplicationRequest> = {
      // @ts-expect-error the member is meta_launch_url
      metaLaunchUrl: 'x',
    };
    const mistyped: Wire<PatchedApplicationRequest> = {
      // @ts-expect-error the member is a number
      provider: '1',
    };
    expect([provider, misspelled, mistyped]).toHaveLength(3);
  });
});

describe('encoding', () => {
  it('should send nothing that is not given', () => {
    expect(JSON.stringify(encodeApplication({}, true))).toBe('{}');
    expect(JSON.stringify(encodeProvider({}))).toBe('{}');
  });

  it('should send an empty text, null and false, which are given', () => {
    expect(
      JSON.stringify(
        encodeApplication(
          { metaLaunchUrl: '', provider: null, openInNewTab: false },
          true,
        ),
      ),
    ).toBe('{"provider":null,"open_in_new_tab":false,"meta_launch_url":""}');
    expect(JSON.stringify(encodeProvider({ signingKey: null }))).toBe(
      '{"signing_key":null}',
    );
  });

  it('should send every member of a provider', () => {
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
    expect(Object.values(body)).not.toContain(undefined);
    expect(Object.keys(body)).toHaveLength(19);
    expect(body.client_secret).toBe('f');
  });

  it.each([
    { policy: 'p', group: null, user: null },
    { policy: null, group: 'g', user: null },
    { policy: null, group: null, user: 4 },
  ])('should clear the subjects that are not bound: %j', subjects => {
    const given = Object.fromEntries(
      Object.entries(subjects).filter(([, value]) => value !== null),
    );
    expect(encodeBinding('t', { ...given, order: 1 })).toMatchObject({
      target: 't',
      order: 1,
      ...subjects,
    });
  });
});
