import type {
  AuthentikApplication,
  AuthentikProvider,
} from '../../systems/authentik/types';
import { SecretValue } from '../../core';
import type { ApplicationFacts } from '../facts';
import { OAUTH2_PROVIDER_MODEL } from '../requirements';
import {
  FLOWS,
  KEY_PAIRS,
  REDIRECT_URI,
  RSA_KEY,
  SCOPE_MAPPINGS,
} from './serverObjects';

export const GOOD_APPLICATION: AuthentikApplication = {
  pk: 'application-1',
  name: 'Hoop',
  slug: 'hoop',
  provider: 4,
  providerModel: OAUTH2_PROVIDER_MODEL,
  group: 'Access',
  policyEngineMode: 'any',
  openInNewTab: true,
  metaLaunchUrl: 'https://hoop.company',
  metaIcon: 'https://hoop.company/icon.png',
  metaDescription: 'Databases and servers',
  metaPublisher: 'Platform',
  metaHide: false,
};

export const GOOD_PROVIDER: AuthentikProvider = {
  pk: 4,
  name: 'Provider for Hoop',
  metaModelName: OAUTH2_PROVIDER_MODEL,
  authorizationFlow: 'flow-default-provider-authorization-implicit-consent',
  invalidationFlow: 'flow-default-provider-invalidation-flow',
  propertyMappings: ['map-profile', 'map-openid', 'map-email'],
  clientType: 'confidential',
  clientId: 'the-client-id',
  clientSecret: new SecretValue('the-client-secret'),
  accessCodeValidity: 'minutes=1',
  accessTokenValidity: 'hours=1',
  refreshTokenValidity: 'days=30',
  includeClaimsInIdToken: true,
  signingKey: RSA_KEY.pk,
  encryptionKey: undefined,
  redirectUris: [
    {
      matchingMode: 'strict',
      url: REDIRECT_URI,
      redirectUriType: 'authorization',
    },
  ],
  subMode: 'hashed_user_id',
  issuerMode: 'per_provider',
  grantTypes: ['refresh_token', 'authorization_code'],
  logoutUri: '',
  logoutMethod: 'backchannel',
  assignedApplicationSlug: 'hoop',
};

/** A pair that is as the guide requires, with lists in another order than we would write them. */
export function goodFacts(
  changed: {
    application?: Partial<AuthentikApplication>;
    provider?: Partial<AuthentikProvider>;
  } & Partial<Omit<ApplicationFacts, 'application' | 'provider'>> = {},
): ApplicationFacts {
  const { application, provider, ...others } = changed;
  return {
    application: { ...GOOD_APPLICATION, ...application },
    provider: { ...GOOD_PROVIDER, ...provider },
    flows: FLOWS,
    keyPairs: KEY_PAIRS,
    scopeMappings: SCOPE_MAPPINGS,
    bindings: [],
    wantedBindings: [],
    ...others,
  };
}

/** Nothing there yet. */
export function emptyFacts(
  changed: Partial<ApplicationFacts> = {},
): ApplicationFacts {
  return {
    ...goodFacts(),
    application: undefined,
    provider: undefined,
    ...changed,
  };
}
