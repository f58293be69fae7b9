export { hasOidcLoaded } from './hasOidcLoaded';
export { observeAuthentik } from './observeAuthentik';
export { observeIntegration } from './observeIntegration';
export { observeLoginUrl } from './observeLoginUrl';
export { observeSignIn } from './observeSignIn';
export type { IntegrationSystems } from './systems';
