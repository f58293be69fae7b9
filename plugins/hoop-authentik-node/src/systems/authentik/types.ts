/** The types of this room that leave the package. */
export type {
  AuthentikApplication,
  AuthentikApplicationFields,
  AuthentikApplications,
  AuthentikTransaction,
} from './applications';
export type {
  AuthentikBinding,
  AuthentikBindingFields,
  AuthentikBindings,
} from './bindings';
export type { AuthentikClient, AuthentikSelf } from './createAuthentikClient';
export type { OidcProbes } from './DefaultOidcProbes';
export type {
  AuthentikKeyPair,
  AuthentikKeyPairs,
  AuthentikUse,
} from './keyPairs';
export type {
  AuthentikBlueprint,
  AuthentikFlow,
  AuthentikGroup,
  AuthentikGroupMembers,
  AuthentikLookups,
  AuthentikPolicy,
  AuthentikScopeMapping,
  AuthentikUser,
} from './lookups';
export type {
  AuthorizeProbe,
  DiscoveryDocument,
  LoginPageProbe,
  PublishedKey,
} from './oidc';
export type {
  AuthentikProvider,
  AuthentikProviderFields,
  AuthentikProviders,
  AuthentikRedirectUri,
} from './providers';
