export { BulkReads, type KubernetesReader } from './client/BulkReads';
export { type ClusterConnection, type ClusterTls } from './access/types';
export { loadClusterConnection } from './access/clusterAccess';
export { DefaultKubernetesClient } from './client/DefaultKubernetesClient';
export { KubernetesForbiddenError } from './client/errors';
export {
  decodeSecretData,
  describeMissing,
  describeProvenance,
  type EffectiveEnvironment,
  effectiveEnvironment,
  type EffectiveEnvironmentInput,
  type EnvironmentEntry,
  type MissingReference,
  type Provenance,
} from './environment/effectiveEnvironment';
export type { EnvironmentValue } from './environment/environmentExpansion';
export {
  describePodProblem,
  type PodProblem,
  podProblems,
  podsOfNewestTemplate,
} from './rollout/podProblems';
export { type RolloutResult, waitForRollout } from './rollout/rollout';
export type { WaitForRolloutOptions } from './rollout/RolloutObserver';
export { type RolloutStatus, rolloutStatus } from './rollout/rolloutStatus';
export { FIELD_MANAGER } from './types';
export type * from './types';
