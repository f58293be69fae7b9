export { BulkReads, type KubernetesReader } from './BulkReads';
export { loadClusterConnection } from './clusterAccess';
export type { ClusterConnection, ClusterTls } from './clusterAccess';
export { DefaultKubernetesClient } from './DefaultKubernetesClient';
export { KubernetesForbiddenError } from './errors';
export {
  decodeSecretData,
  describeMissing,
  describeProvenance,
  effectiveEnvironment,
} from './effectiveEnvironment';
export type {
  EffectiveEnvironment,
  EffectiveEnvironmentInput,
  EnvironmentEntry,
  MissingReference,
  Provenance,
} from './effectiveEnvironment';
export type { EnvironmentValue } from './environmentExpansion';
export {
  describePodProblem,
  podProblems,
  podsOfNewestTemplate,
} from './podProblems';
export type { PodProblem } from './podProblems';
export { waitForRollout } from './rollout';
export type { RolloutResult } from './rollout';
export type { WaitForRolloutOptions } from './RolloutObserver';
export { rolloutStatus } from './rolloutStatus';
export type { RolloutStatus } from './rolloutStatus';
export { FIELD_MANAGER } from './types';
export type * from './types';
