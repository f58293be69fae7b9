export type * from './types';
export { GatewayRolloutError } from './errors';
export { KubernetesTarget } from './kubernetes/KubernetesTarget';
