export { createAuthentikApplicationEnsureAction } from './authentikApplicationEnsure';
export { createHoopGatewayConfigureAction } from './hoopGatewayConfigure';
export { createHoopGatewayRestartAction } from './hoopGatewayRestart';
export { createHoopGatewayVerifyAction } from './hoopGatewayVerify';
export type { ActionOptions } from './support/ActionOptions';
