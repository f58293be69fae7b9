/**
 * The flow that joins a Hoop.dev gateway to authentik: desired, observe, checks, plan, apply, verify. Backend plugins
 * and modules reach it through {@link hoopAuthentikServiceRef}.
 *
 * @packageDocumentation
 */

export * from './application';
export { AuthentikPermissionError, AuthentikServerError } from './authentik';
export type * from './authentik/types';
export * from './config';
export * from './files';
export type * from './hoop/types';
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
} from './kubernetes';
export type * from './kubernetes/types';
export * from './service';
export type * from './signIn/types';
export { SecretValue } from './support';
export { GatewayRolloutError } from './targets';
export type * from './targets/types';
