export {
  CHECKS,
  PREFLIGHT_CHECKS,
  runChecks,
  withAuthentik,
  withGateway,
  withTarget,
  type AddedCheck,
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
export {
  observeIntegration,
  observeSignIn,
  type IntegrationSystems,
} from './observe';
export { describeCheck, describeProblems, problemsOf } from './problems';
export { forReaders } from './forReaders';
export { integrationReport, signInCommands } from './report';
export type * from './types';
