/**
 * The flows that join a Hoop.dev gateway to authentik. Backend plugins and modules reach the gateways declared in app-config
 * through {@link hoopAuthentikServiceRef}. Clients, checks and the plugin's own runs are in `/alpha`.
 *
 * @packageDocumentation
 */

export {
  ensureApplication,
  type EnsuredApplication,
  type EnsureOptions,
} from './application/ensureApplication';
export {
  ensureBindings,
  type EnsuredBindings,
} from './application/ensureBindings';
export type {
  ApplicationContext,
  ApplicationSpec,
  BindingSpec,
} from './application/spec';
export type {
  AccessConfig,
  AuthentikInstanceConfig,
  ClusterConfig,
  EnvFileTargetConfig,
  GatewayApiTargetConfig,
  GatewayConfig,
  GatewayTargetConfig,
  HelmValuesTargetConfig,
  KubernetesTargetConfig,
  OAuthConfig,
  TestAccount,
} from './config/types';
export { SecretValue } from './core/SecretValue';
export type { CallOptions, PlanLine, Settings } from './core/types';
export {
  configureGateway,
  type ConfigureOptions,
  type ConfigureResult,
} from './flows/connect';
export {
  disconnectGateway,
  type DisconnectOptions,
  type DisconnectResult,
} from './flows/disconnect';
export {
  preflightGateway,
  type PreflightOptions,
  type PreflightResult,
  type SwitchWaivers,
} from './flows/preflight';
export {
  restartGateway,
  type RestartOptions,
  type RestartResult,
} from './flows/restart';
export { rotateClientSecret, type RotateResult } from './flows/rotate';
export { provenSettings, type ProvenSettingsOptions } from './flows/settings';
export { verifyGateway, type VerifyOptions } from './flows/verify';
export { desiredIntegration } from './integration/desired';
export type { IntegrationSystems } from './integration/observe/observation';
export { describeCheck } from './integration/problems';
export type { DesiredIntegration } from './integration/types';
export type {
  Gateway,
  HoopAuthentikService,
} from './service/HoopAuthentikService';
export { hoopAuthentikServiceRef } from './service/hoopAuthentikServiceRef';
export {
  type GatewayReference,
  type ResolvedGateway,
  resolveGateway,
} from './service/resolveGateway';
export type { FileGateway } from './settingsFiles/fileGateway';
export type { FilePatch, OpenSettings } from './settingsFiles/filePatch';
export {
  type EnvFileOptions,
  patchEnvFile,
} from './settingsFiles/patchEnvFile';
export {
  type HelmValuesOptions,
  type HelmValuesPatch,
  patchHelmValues,
} from './settingsFiles/patchHelmValues';
export {
  type ManifestOptions,
  patchManifest,
} from './settingsFiles/patchManifest';
export type { ManifestReference } from './settingsFiles/yamlDocument';
export { AuthentikPermissionError } from './systems/authentik/errors';
export { KubernetesForbiddenError } from './systems/kubernetes/client/errors';
export { GatewayRolloutError } from './targets/failure';
export type { TargetWriteOptions } from './targets/types';
