export { DefaultHoopClient } from './DefaultHoopClient';
export { GATEWAY_VARIABLES, gatewayOutcome } from './gatewayOutcome';
export type { GatewayOutcome, GatewayVariables } from './gatewayOutcome';
export type { GatewayInfo, GatewayLoginUrl, HoopClient } from './types';
