export type { ApplicationSpec, BindingSpec } from './types';
export { validateSlug } from './validateSpec';
export {
  adminUrlOf,
  isStrictRedirectUri,
  issuerOf,
  OAUTH2_PROVIDER_MODEL,
  redirectUriOf,
  REQUIRED_GRANT_TYPES,
  REQUIRED_SCOPES,
} from './requirements';
export {
  ensureApplication,
  type EnsuredApplication,
  type EnsureOptions,
  generateClientSecret,
  previewApplication,
} from './ensureApplication';
export { planApplication, type ApplicationPlan } from './planApplication';
export type { ApplicationFacts } from './lookups';
export type { BindingChange, WantedBinding } from './planBindings';
export {
  deleteApplication,
  planDeletion,
  type DeletedApplication,
  type DeletionPlan,
  type DeletionTarget,
} from './deleteApplication';
export { ensureBindings, type EnsuredBindings } from './ensureBindings';
export type { ApplicationContext } from './ApplicationContext';
