/**
 * What may still change: clients of the three systems, checks and their extension point, runs.
 *
 * @packageDocumentation
 */

export type { BindingChange, WantedBinding } from './application/bindings';
export {
  deleteApplication,
  type DeletedApplication,
  planDeletion,
  type RemovalOptions,
  removeApplication,
} from './application/deleteApplication';
export { previewApplication } from './application/ensureApplication';
export type { ApplicationFacts } from './application/facts';
export type {
  ApplicationClaim,
  Owned,
  OwnedApplication,
  OwnedPair,
  OwnedProvider,
  OwnershipOptions,
} from './application/ownership';
export {
  type EndedGrant,
  endGrants,
  type GrantEndOptions,
} from './application/endGrants';
export type { AccessGrant, GrantRecords } from './application/grantRecords';
export {
  grantAccess,
  type GrantedAccess,
  type WantedGrant,
} from './application/grants';
export type { ApplicationPlan } from './application/planApplication';
export type { CreatedObject, CreationRecords } from './application/records';
export {
  leadsTo,
  issuerOf,
  redirectUriOf,
  REQUIRED_GRANT_TYPES,
  REQUIRED_SCOPES,
} from './application/requirements';
export {
  findSharedSecret,
  type SharedSecret,
} from './application/sharedSecret';
export {
  type PossibleUser,
  type PossibleUsers,
  refuseWhileInUse,
  type UsedApplication,
} from './application/uses';
export type { ForeignText } from './core/ForeignText';
export type { RotateOptions } from './flows/rotate';
export type {
  AddedCheck,
  CheckDefinition,
  CheckInput,
  Finding,
} from './integration/checks/check';
export { CHECKS, runChecks } from './integration/checks/runChecks';
export { observeSignIn } from './integration/observe/gateway';
export { observeIntegration } from './integration/observe/observeIntegration';
export { logLine } from './core/texts';
export { forReaders } from './integration/forReaders';
export { isBound, isInForce } from './integration/checks';
export { integrationReport, signInCommands } from './integration/report';
export type {
  Observation,
  ObservedIntegration,
  PreviewedClaims,
} from './integration/types';
export { DefaultHoopAuthentikService } from './service/DefaultHoopAuthentikService';
export {
  hoopAuthentikChecksExtensionPoint,
  type HoopAuthentikChecksExtensionPoint,
} from './service/hoopAuthentikChecksExtensionPoint';
export {
  type PresentedRequest,
  presentedRequestSchema,
} from './service/runs/approval';
export { gatewayRunsServiceRef } from './service/runs/gatewayRunsServiceRef';
export {
  accessGrantRecordSchema,
  createdObjectSchema,
  runEndSchema,
  runRequestSchema,
  storedSwitchSchema,
} from './service/runs/schemas';
export {
  type BeginRunOptions,
  type GatewayRun,
  type GatewayRuns,
  RUN_LEASE_MS,
  type RunHolder,
} from './service/runs/types';
export {
  type StoredSwitch,
  type SwitchRecords,
  withStoredSwitch,
} from './targets/gatewayApi/storedSwitch';
export { SECRET_PLACEHOLDER } from './settingsFiles/helmClientSecret';
export type {
  AuthentikApplication,
  AuthentikApplicationFields,
  AuthentikApplications,
  AuthentikTransaction,
} from './systems/authentik/applications';
export type {
  AuthentikBinding,
  AuthentikBindingFields,
  AuthentikBindings,
} from './systems/authentik/bindings';
export type {
  AuthentikClient,
  AuthentikSelf,
} from './systems/authentik/createAuthentikClient';
export type { OidcProbes } from './systems/authentik/DefaultOidcProbes';
export type {
  AuthentikKeyPair,
  AuthentikKeyPairs,
  AuthentikUse,
} from './systems/authentik/keyPairs';
export type {
  AuthentikBlueprint,
  AuthentikFlow,
  AuthentikGroup,
  AuthentikGroupMembers,
  AuthentikLookups,
  AuthentikPolicy,
  AuthentikScopeMapping,
  AuthentikUser,
} from './systems/authentik/lookups';
export type {
  AuthorizeProbe,
  DiscoveryDocument,
  LoginPageProbe,
  PublishedKey,
} from './systems/authentik/oidc';
export {
  type AuthentikProvider,
  type AuthentikProviderFields,
  type AuthentikProviders,
  type AuthentikRedirectUri,
  OAUTH2_PROVIDER_MODEL,
} from './systems/authentik/providers';
export type {
  GatewayAdministrator,
  GatewayAuthConfig,
  GatewayInfo,
  GatewayLoginUrl,
  GatewayOidcConfig,
  HoopClient,
} from './systems/hoop/types';
export { loadClusterConnection } from './systems/kubernetes/access/clusterAccess';
export {
  BulkReads,
  type KubernetesReader,
} from './systems/kubernetes/client/BulkReads';
export { DefaultKubernetesClient } from './systems/kubernetes/client/DefaultKubernetesClient';
export {
  type ClusterConnection,
  type ClusterTls,
  type ConfigMap,
  type Container,
  type ContainerState,
  type Deployment,
  type EnvFromSource,
  type EnvVar,
  FIELD_MANAGER,
  type KubernetesAccess,
  type KubernetesClient,
  type KubernetesKind,
  type KubernetesKinds,
  type KubernetesObject,
  type ObjectMeta,
  type PatchType,
  type Pod,
  type Secret,
  type WatchEvent,
} from './systems/kubernetes/types';
export type { SignInProof, TestSignIn } from './systems/signIn/types';
export type {
  AppliedSwitch,
  EffectiveSetting,
  ObjectOwner,
  SettingsTarget,
  TargetCapabilities,
  TargetPlan,
  TargetReading,
  TargetReadOptions,
  TargetState,
  UnverifiedSwitch,
} from './targets/types';
export type { Patience } from './targets/wayBack';
