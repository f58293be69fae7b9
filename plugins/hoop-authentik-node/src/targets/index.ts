export type * from './types';
export { GatewayRolloutError } from './errors';
export { FileTarget } from './FileTarget';
export { GatewayApiTarget } from './gatewayApi/GatewayApiTarget';
export { KubernetesTarget } from './kubernetes/KubernetesTarget';
