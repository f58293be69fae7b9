export type * from './types';
export { GatewayRolloutError, putBack } from './failure';
export { persistently, WAY_BACK, type Patience } from './wayBack';
export { CAPABILITIES } from './capabilities';
export {
  createSettingsTarget,
  type TargetDependencies,
} from './createSettingsTarget';
export { FileTarget } from './FileTarget';
export { GatewayApiTarget } from './gatewayApi/GatewayApiTarget';
export type { StoredSwitch, SwitchRecords } from './gatewayApi/storedSwitch';
export { KubernetesTarget } from './kubernetes/KubernetesTarget';
