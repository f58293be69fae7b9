export {
  validateSlug,
  type ApplicationContext,
  type ApplicationSpec,
  type BindingSpec,
} from './spec';
export {
  adminUrlOf,
  isStrictRedirectUri,
  issuerOf,
  OAUTH2_PROVIDER_MODEL,
  redirectUriOf,
  REQUIRED_GRANT_TYPES,
  REQUIRED_SCOPES,
} from './requirements';
export type { ApplicationFacts } from './facts';
export type { BindingChange, WantedBinding } from './bindings';
export { planApplication, type ApplicationPlan } from './planApplication';
export {
  ensureApplication,
  type EnsuredApplication,
  type EnsureOptions,
  generateClientSecret,
  previewApplication,
} from './ensureApplication';
export { ensureBindings, type EnsuredBindings } from './ensureBindings';
export type {
  ApplicationClaim,
  Owned,
  OwnedApplication,
  OwnedPair,
  OwnedProvider,
  OwnershipOptions,
} from './ownership';
export type { AccessGrant, GrantRecords } from './grantRecords';
export {
  isSameName,
  type CreatedObject,
  type CreationRecords,
} from './records';
export {
  deleteApplication,
  planDeletion,
  removeApplication,
  type DeletedApplication,
  type RemovalOptions,
} from './deleteApplication';
export {
  refuseWhileInUse,
  type PossibleUser,
  type PossibleUsers,
  type UsedApplication,
} from './uses';
export { findSharedSecret, type SharedSecret } from './sharedSecret';
