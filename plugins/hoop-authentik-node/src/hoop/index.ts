export { GatewayKeyRefusedError } from './authConfigErrors';
export { DefaultHoopClient } from './DefaultHoopClient';
export { GATEWAY_VARIABLES, gatewayOutcome } from './gatewayOutcome';
export type { GatewayOutcome, GatewayVariables } from './gatewayOutcome';
export {
  changedDocument,
  parseAuthConfig,
  restoredDocument,
  sameDocument,
} from './authConfig';
export type * from './types';
