export {
  configureGateway,
  type ConfigureOptions,
  type ConfigureResult,
} from './configureGateway';
export {
  disconnectGateway,
  type DisconnectOptions,
  type DisconnectResult,
} from './disconnectGateway';
export { describeCheck } from './preflight';
export {
  preflightGateway,
  type PreflightOptions,
  type PreflightResult,
} from './preflightGateway';
export { provenSettings, type ProvenSettingsOptions } from './provenSettings';
export { restartGateway, type RestartResult } from './restartGateway';
export { verifyGateway, type VerifyOptions } from './verifyGateway';
export { rotateClientSecret, type RotateResult } from './rotateSecret';
