export type * from './types';
export { AuthentikPermissionError, AuthentikServerError } from './errors';
export {
  type ClosableAuthentikClient,
  createAuthentikClient,
} from './createAuthentikClient';
export { DefaultOidcProbes } from './DefaultOidcProbes';
export { findOAuth2ProviderOf, OAUTH2_PROVIDER_MODEL } from './providers';
