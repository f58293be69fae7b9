import { SecretValue } from '../core';
import { desiredIntegration, desiredSettings } from './desired';

const GATEWAY = {
  name: 'prod',
  url: 'https://hoop.company',
  adminGroup: 'admins',
  application: 'hoop',
};
const AUTHENTIK = { name: 'default', baseUrl: 'https://auth.company' };

describe('desiredIntegration', () => {
  it('should be what the guide requires', () => {
    expect(desiredIntegration(GATEWAY, AUTHENTIK)).toEqual({
      gateway: {
        name: 'prod',
        url: 'https://hoop.company',
        adminGroup: 'admins',
      },
      authentik: AUTHENTIK,
      application: {
        slug: 'hoop',
        adminUrl: 'https://auth.company/if/admin/#/core/applications/hoop',
        isConfigured: true,
      },
      redirectUri: 'https://hoop.company/api/callback',
      issuer: 'https://auth.company/application/o/hoop/',
      scopes: ['openid', 'email', 'profile'],
      groupsClaim: 'groups',
      grantTypes: ['authorization_code', 'refresh_token'],
    });
  });

  it('should take another application where one is named', () => {
    const { application, issuer } = desiredIntegration(
      GATEWAY,
      AUTHENTIK,
      'other',
    );
    expect(application.slug).toBe('other');
    expect(issuer).toBe('https://auth.company/application/o/other/');
  });
});

describe('desiredSettings', () => {
  it('should be the five settings, byte for byte', () => {
    const clientSecret = new SecretValue('the-secret');
    expect(
      desiredSettings(desiredIntegration(GATEWAY, AUTHENTIK), {
        clientId: 'the-client',
        clientSecret,
      }),
    ).toEqual({
      AUTH_METHOD: 'oidc',
      IDP_CLIENT_ID: 'the-client',
      IDP_CLIENT_SECRET: clientSecret,
      IDP_GROUPS_CLAIM: 'groups',
      IDP_ISSUER: 'https://auth.company/application/o/hoop/',
    });
  });
});
