export {
  CHECKS,
  PREFLIGHT_CHECKS,
  runChecks,
  type CheckDefinition,
  type CheckInput,
  type Finding,
} from './checks';
export {
  AUTH_METHOD_OIDC,
  desiredIntegration,
  desiredSettings,
  GROUPS_CLAIM,
} from './desired';
export { integrationReport, signInCommands } from './integrationReport';
export {
  observeIntegration,
  observeSignIn,
  type IntegrationSystems,
} from './observe';
export type * from './types';
