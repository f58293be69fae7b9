export {
  createGatewayConditionalDecision,
  gatewayConditions,
  gatewayPermissionResourceRef,
  gatewayRules,
  type GatewayResource,
} from './gatewayRules';
export { readGatewayResources } from './readGatewayResources';
