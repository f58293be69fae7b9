export type * from './types';
export {
  AuthentikPermissionError,
  AuthentikServerError,
  VALID_TOKEN,
} from './errors';
export {
  type ClosableAuthentikClient,
  createAuthentikClient,
} from './createAuthentikClient';
export { WRITE_TIMEOUT_MS } from './AuthentikApi';
export { type ApiToken, OAuthToken } from './oauthToken';
export { DefaultOidcProbes } from './DefaultOidcProbes';
export { findOAuth2ProviderOf, OAUTH2_PROVIDER_MODEL } from './providers';
