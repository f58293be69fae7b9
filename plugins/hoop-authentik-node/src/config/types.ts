import type { SecretValue } from '../core';

/**
 * An authentik account that exists to prove that people can sign in.
 *
 * @public
 */
export interface TestAccount {
  username: string;
  password: SecretValue;
}

/**
 * How a system is reached, where its public URL and the system's certificate authorities do not suffice.
 *
 * @public
 */
export interface AccessConfig {
  caFile: string | undefined;
  /** Origin that requests are sent to instead of the public one. */
  internalUrl?: string;
  /** Sent with each request, such as the credentials of a proxy in front of the system. */
  headers?: Record<string, SecretValue>;
  /** PEM files of the certificate that this backend shows, and of its private key. */
  clientCertificate?: { certFile: string; keyFile: string };
  /** Deadline of one request; default 15 s. */
  timeoutMs?: number;
}

/**
 * A client of authentik whose credentials are exchanged for access tokens.
 *
 * @public
 */
export interface OAuthConfig {
  clientId: string;
  /** Its secret, or the file with the token that another issuer gives this process, such as a Kubernetes cluster. */
  credential: { clientSecret: SecretValue } | { tokenFile: string };
}

/**
 * An authentik instance as declared in app-config.
 *
 * @public
 */
export interface AuthentikInstanceConfig extends AccessConfig {
  name: string;
  /** Without a trailing slash. */
  baseUrl: string;
  /** What the API accepts: a token, the file of one, or a client that gets one. */
  credential:
    | { token: SecretValue }
    | { tokenFile: string }
    | { oauth: OAuthConfig };
  /** Name of the preferred certificate to sign tokens with. */
  signingKey: string | undefined;
  /** How long a certificate is valid that is made for a gateway; default 365 days. */
  signingKeyDays?: number;
  /** Deadline of one write; default 60 s. */
  writeTimeoutMs?: number;
  /** Say before a change where a blueprint manages what is changed. */
  checkBlueprints?: boolean;
  /** How an application is created; default by single writes. */
  creation?: 'singleWrites' | 'transaction';
}

/**
 * How the API of the gateway's cluster is reached; `name` is that of a cluster in Backstage's own
 * `kubernetes.clusterLocatorMethods`.
 *
 * @public
 */
export type ClusterConfig =
  | {
      kubeconfig: string;
      context?: string;
      /** Whether the program that the user of the kubeconfig names may be run for a credential. */
      allowExec?: boolean;
      /** Names of variables of the backend that such a program gets too. */
      execEnvironment?: string[];
    }
  | { inCluster: true }
  | {
      name: string;
      /** Through the proxy of the Kubernetes plugin even where app-config has the credentials. */
      viaProxy?: boolean;
    };

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
  /** `undefined`: the one that the Deployment reads settings from, or `hoopgateway-idp`. */
  configMap: string | undefined;
  /** `undefined`: the one that the Deployment reads settings from, or `hoopgateway-idp`. */
  secret: string | undefined;
  /** `secret` keeps all five settings in one Secret. */
  settingsIn: 'configMap' | 'secret';
  /** `configMap` keeps all five settings in the ConfigMap, as in the guide. */
  clientSecretIn: 'secret' | 'configMap';
  /** Keys of the objects where they are not called as the variables that read them by `valueFrom`. */
  keyNames?: { IDP_CLIENT_ID?: string; IDP_CLIENT_SECRET?: string };
  rolloutTimeoutMs: number;
  /** How long writes that restore the previous settings are retried; `undefined`: for 60 s. */
  restoreTimeoutMs?: number;
}

/**
 * The `gatewayApi` target: the configuration that the gateway stores, changed through its API without a restart.
 *
 * @public
 */
export interface GatewayApiTargetConfig {
  type: 'gatewayApi';
}

/**
 * The `helmValues` target: a values file in a repository, changed by a pull request. This package does not access it.
 *
 * @public
 */
export interface HelmValuesTargetConfig {
  type: 'helmValues';
}

/**
 * The `envFile` target: the env file of a docker compose installation. This package does not access it.
 *
 * @public
 */
export interface EnvFileTargetConfig {
  type: 'envFile';
}

/**
 * Where a gateway reads its settings.
 *
 * @public
 */
export type GatewayTargetConfig =
  | KubernetesTargetConfig
  | GatewayApiTargetConfig
  | HelmValuesTargetConfig
  | EnvFileTargetConfig;

/**
 * A gateway as declared in app-config.
 *
 * @public
 */
export interface GatewayConfig extends AccessConfig {
  name: string;
  title: string;
  /** Origin only, without a trailing slash. */
  url: string;
  /** Name of its authentik instance. */
  authentik: string;
  /** Slug of its application. */
  application: string;
  /** The same slug where app-config writes it, which claims the application; the default claims nothing. */
  claimedApplication?: string;
  adminGroup: string;
  /** Who decides about requests for it, as full entity references; absent: the owner of the entity. */
  approvers?: string[];
  /**
   * Names of the groups that must be bound to the application; none where everyone may sign in; absent where app-config does
   * not say.
   */
  allowedGroups?: string[];
  /** Claim in which authentik lists the groups; default `groups`. */
  groupsClaim?: string;
  /** Scopes beside those that every gateway requests. */
  extraScopes?: string[];
  /** An authentik account to prove sign-ins with. */
  testAccount?: TestAccount;
  /** API key of a gateway administrator, to read and write the configuration that the gateway stores. */
  apiKey: SecretValue | undefined;
  target: GatewayTargetConfig;
}

/**
 * `hoopAuthentik` of app-config, validated.
 *
 * @internal
 */
export interface HoopAuthentikConfig {
  authentik: AuthentikInstanceConfig[];
  gateways: GatewayConfig[];
}
