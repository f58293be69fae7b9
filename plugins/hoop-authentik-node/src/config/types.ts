import type { SecretValue } from '../support';

/**
 * An authentik instance as declared in app-config.
 *
 * @public
 */
export interface AuthentikInstanceConfig {
  name: string;
  /** Without a trailing slash. */
  baseUrl: string;
  token: SecretValue;
  caFile: string | undefined;
  /** Name of the certificate to sign tokens with, where the operator prefers one. */
  signingKey: string | undefined;
}

/**
 * How the API of the gateway's cluster is reached.
 *
 * @public
 */
export type ClusterConfig =
  | { kubeconfig: string; context?: string }
  | { inCluster: true };

/**
 * The `kubernetes` target: a Deployment, and the objects that carry its settings.
 *
 * @public
 */
export interface KubernetesTargetConfig {
  type: 'kubernetes';
  cluster: ClusterConfig;
  namespace: string;
  deployment: string;
  container: string | undefined;
  configMap: string;
  secret: string;
  clientSecretIn: 'secret' | 'configMap';
  rolloutTimeoutMs: number;
}

/**
 * A gateway as declared in app-config.
 *
 * @public
 */
export interface GatewayConfig {
  name: string;
  title: string;
  /** Origin only, without a trailing slash. */
  url: string;
  /** Name of its authentik instance. */
  authentik: string;
  /** Slug of its application. */
  application: string;
  adminGroup: string;
  /** Names of the groups that have to be bound to the application; `absent where app-config does not say. */
  allowedGroups?: string[];
  caFile: string | undefined;
  target: KubernetesTargetConfig;
}

/**
 * `hoopAuthentik` of app-config, validated.
 *
 * @public
 */
export interface HoopAuthentikConfig {
  authentik: AuthentikInstanceConfig[];
  gateways: GatewayConfig[];
}
