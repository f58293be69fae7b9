export {
  CHECKS,
  PREFLIGHT_CHECKS,
  runChecks,
  type CheckDefinition,
  type CheckInput,
  type Finding,
} from './checks';
export {
  configureGateway,
  type ConfigureOptions,
  type ConfigureResult,
} from './configureGateway';
export {
  AUTH_METHOD_OIDC,
  desiredIntegration,
  desiredSettings,
  GROUPS_CLAIM,
} from './desired';
export {
  disconnectGateway,
  type DisconnectOptions,
  type DisconnectResult,
} from './disconnectGateway';
export { integrationReport, signInCommands } from './integrationReport';
export {
  observeIntegration,
  observeSignIn,
  type IntegrationSystems,
} from './observe';
export { describeCheck } from './preflight';
export {
  preflightGateway,
  type PreflightOptions,
  type PreflightResult,
} from './preflightGateway';
export { provenSettings, type ProvenSettingsOptions } from './provenSettings';
export { restartGateway, type RestartResult } from './restartGateway';
export type * from './types';
export { verifyGateway, type VerifyOptions } from './verifyGateway';
export { rotateClientSecret, type RotateResult } from './rotateSecret';
