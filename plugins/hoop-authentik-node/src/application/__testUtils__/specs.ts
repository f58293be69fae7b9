import type { ApplicationSpec } from '../spec';
import { REDIRECT_URI, RSA_KEY } from './serverObjects';

/** An application with one binding of each kind. */
export const SPEC: ApplicationSpec = {
  slug: 'hoop',
  name: 'Hoop',
  bindings: [{ group: 'admin' }, { user: 'jane' }, { policy: 'office-hours' }],
};

export const SLUG_ONLY: ApplicationSpec = { slug: 'hoop' };

/** Every field that can be given, as the good pair has it. */
export const FULL_SPEC: ApplicationSpec = {
  slug: 'hoop',
  name: 'Hoop',
  group: 'Access',
  policyEngineMode: 'any',
  launchUrl: 'https://hoop.company',
  icon: 'https://hoop.company/icon.png',
  publisher: 'Platform',
  description: 'Databases and servers',
  openInNewTab: true,
  hide: false,
  providerName: 'Provider for Hoop',
  authorizationFlow: 'default-provider-authorization-implicit-consent',
  invalidationFlow: 'default-provider-invalidation-flow',
  signingKey: RSA_KEY.name,
  accessCodeValidity: 'minutes=1',
  accessTokenValidity: 'hours=1',
  refreshTokenValidity: 'days=30',
  subMode: 'hashed_user_id',
  issuerMode: 'per_provider',
  logoutUri: '',
};

/** The redirect URI that the guide requires. */
export const STRICT = {
  matchingMode: 'strict',
  url: REDIRECT_URI,
  redirectUriType: 'authorization',
};
