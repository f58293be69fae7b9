export {
  ForeignApplicationError,
  observeAuthentik,
  UnusableSigningKeyError,
} from './authentik';
export { hasOidcLoaded, observeLoginUrl, observeSignIn } from './gateway';
export { activeMembers, type IntegrationSystems } from './observation';
export { observeIntegration } from './observeIntegration';
