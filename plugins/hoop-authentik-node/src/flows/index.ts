export {
  configureGateway,
  type ConfigureOptions,
  type ConfigureResult,
} from './connect';
export {
  disconnectGateway,
  type DisconnectOptions,
  type DisconnectResult,
} from './disconnect';
export {
  preflightGateway,
  type PreflightOptions,
  type PreflightResult,
} from './preflight';
export { restartGateway, type RestartResult } from './restart';
export {
  rotateClientSecret,
  type RotateOptions,
  type RotateResult,
} from './rotate';
export { provenSettings, type ProvenSettingsOptions } from './settings';
export { verifyGateway, type VerifyOptions } from './verify';
