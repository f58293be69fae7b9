export { createAuthentikApplicationDeleteAction } from './authentikApplicationDelete';
export { createAuthentikApplicationEnsureAction } from './authentikApplicationEnsure';
export { createAuthentikBindingEnsureAction } from './authentikBindingEnsure';
export { createHoopGatewayConfigureAction } from './hoopGatewayConfigure';
export { createHoopGatewayRestartAction } from './hoopGatewayRestart';
export { createHoopGatewayRotateSecretAction } from './hoopGatewayRotateSecret';
export { createHoopGatewayVerifyAction } from './hoopGatewayVerify';
export type { ActionOptions } from './support/ActionOptions';
