/**
 * Backend of the Hoop.dev and authentik plugins: one line installs it together with its scaffolder actions.
 *
 * @packageDocumentation
 */

export { hoopAuthentikFeatures as default } from './features';
export {
  createGatewayConditionalDecision,
  gatewayConditions,
  gatewayPermissionResourceRef,
  type GatewayResource,
} from './permissions';
export { hoopAuthentikPlugin } from './plugin';
export { runDoctor, type DoctorProcess } from './doctor/runDoctor';
