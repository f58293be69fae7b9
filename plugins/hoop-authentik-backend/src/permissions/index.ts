export {
  createGatewayConditionalDecision,
  gatewayConditions,
  gatewayPermissionResourceRef,
  type GatewayResource,
} from './gatewayRules';
export { registerPermissions } from './registerPermissions';
