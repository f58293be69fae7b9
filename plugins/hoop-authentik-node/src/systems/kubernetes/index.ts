export { BulkReads, type KubernetesReader } from './client/BulkReads';
export { loadClusterConnection } from './access/clusterAccess';
export type { KubernetesPluginAccess } from './access/kubernetesPlugin';
export {
  requireCertificates,
  requireKeyPair,
  tokenFromFile,
} from './access/credentials';
export { DefaultKubernetesClient } from './client/DefaultKubernetesClient';
export { KubernetesForbiddenError } from './client/errors';
export { labelSelectorOf } from './client/resources';
export {
  decodeSecretData,
  describeMissing,
  describeProvenance,
  type EffectiveEnvironment,
  effectiveEnvironment,
  type EffectiveEnvironmentInput,
  type EnvironmentEntry,
  type EnvironmentValue,
  type MissingReference,
  type Provenance,
} from './environment/effectiveEnvironment';
export {
  describePodProblem,
  isKept,
  type PodProblem,
  podProblems,
  podsOfNewestTemplate,
} from './rollout/podProblems';
export type {
  RolloutPatience,
  RolloutResult,
  WaitForRolloutOptions,
} from './rollout/options';
export {
  type RolloutStatus,
  rolloutStatus,
  wholeSecond,
} from './rollout/rolloutStatus';
export { waitForRollout } from './rollout/waitForRollout';
export { FIELD_MANAGER } from './types';
export type * from './types';
