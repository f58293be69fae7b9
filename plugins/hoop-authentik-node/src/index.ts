/**
 * The flow that joins a Hoop.dev gateway to authentik: desired, observe, checks, plan, apply, verify. Backend plugins
 * and modules reach it through {@link hoopAuthentikServiceRef}.
 *
 * @packageDocumentation
 */

export * from './application';
export {
  AuthentikPermissionError,
  AuthentikServerError,
} from './systems/authentik';
export type * from './systems/authentik/types';
export * from './config';
export * from './settingsFiles';
export type * from './systems/hoop/types';
export * from './flows';
export * from './integration';
export {
  BulkReads,
  DefaultKubernetesClient,
  FIELD_MANAGER,
  KubernetesForbiddenError,
  loadClusterConnection,
  type ClusterConnection,
  type ClusterTls,
  type KubernetesReader,
} from './systems/kubernetes';
export type * from './systems/kubernetes/types';
export * from './service';
export type * from './systems/signIn/types';
export {
  SecretValue,
  type CallOptions,
  type PlanLine,
  type Settings,
} from './core';
export { GatewayRolloutError } from './targets';
export type * from './targets/types';
