export type * from './types';
export { GatewayRolloutError, putBack } from './failure';
export { CAPABILITIES } from './capabilities';
export {
  createSettingsTarget,
  type TargetDependencies,
} from './createSettingsTarget';
export { FileTarget } from './FileTarget';
export { GatewayApiTarget } from './gatewayApi/GatewayApiTarget';
export { KubernetesTarget } from './kubernetes/KubernetesTarget';
