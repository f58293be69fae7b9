export { GatewayKeyRefusedError } from './authConfigErrors';
export { DefaultHoopClient } from './DefaultHoopClient';
export {
  GATEWAY_VARIABLES,
  gatewayOutcome,
  type GatewayOutcome,
  type GatewayVariables,
} from './gatewayOutcome';
export {
  changedDocument,
  withMethod,
  parseAuthConfig,
  restoredDocument,
  sameDocument,
} from './authConfig';
export type * from './types';
