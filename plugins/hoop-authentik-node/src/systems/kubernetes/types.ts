import type { CallOptions, ForeignText, SecretValue } from '../../core';

/** @alpha */
export interface ObjectMeta {
  name: string;
  namespace?: string;
  uid?: string;
  resourceVersion?: string;
  generation?: number;
  creationTimestamp?: string;
  deletionTimestamp?: string;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  ownerReferences?: Array<{ kind: string; name: string; uid: string }>;
  managedFields?: Array<{
    manager?: string;
    operation?: string;
    time?: string;
    fieldsV1?: unknown;
    subresource?: string;
  }>;
}

/** @alpha */
export interface KubernetesObject {
  apiVersion: string;
  kind: string;
  metadata: ObjectMeta;
}

/** @alpha */
export interface ConfigMap extends KubernetesObject {
  data?: Record<string, string>;
  binaryData?: Record<string, string>;
  immutable?: boolean;
}

/** `data` is base64, as on the wire. @alpha */
export interface Secret extends KubernetesObject {
  type?: string;
  data?: Record<string, string>;
  immutable?: boolean;
}

/** @alpha */
export interface EnvVar {
  name: string;
  value?: string;
  valueFrom?: {
    configMapKeyRef?: { name: string; key: string; optional?: boolean };
    secretKeyRef?: { name: string; key: string; optional?: boolean };
    fieldRef?: { fieldPath: string };
    resourceFieldRef?: { resource: string };
  };
}

/** @alpha */
export interface EnvFromSource {
  prefix?: string;
  configMapRef?: { name: string; optional?: boolean };
  secretRef?: { name: string; optional?: boolean };
}

/** @alpha */
export interface Container {
  name: string;
  image?: string;
  env?: EnvVar[];
  envFrom?: EnvFromSource[];
}

/** @alpha */
export interface Deployment extends KubernetesObject {
  spec: {
    replicas?: number;
    paused?: boolean;
    strategy?: { type?: string };
    progressDeadlineSeconds?: number;
    selector: {
      matchLabels?: Record<string, string>;
      matchExpressions?: Array<{
        key: string;
        operator: string;
        values?: string[];
      }>;
    };
    template: {
      metadata?: {
        labels?: Record<string, string>;
        annotations?: Record<string, string>;
      };
      spec: { containers: Container[] };
    };
  };
  status?: {
    observedGeneration?: number;
    replicas?: number;
    updatedReplicas?: number;
    readyReplicas?: number;
    availableReplicas?: number;
    unavailableReplicas?: number;
    conditions?: Array<{
      type: string;
      status: string;
      reason?: string;
      message?: string;
      lastUpdateTime?: string;
    }>;
  };
}

/** @alpha */
export interface ContainerState {
  waiting?: { reason?: string; message?: string };
  running?: { startedAt?: string };
  terminated?: {
    exitCode: number;
    reason?: string;
    message?: string;
    finishedAt?: string;
  };
}

/** @alpha */
export interface Pod extends KubernetesObject {
  spec: { containers: Container[] };
  status?: {
    phase?: string;
    /** Why the pod as a whole failed, such as `Evicted`. */
    reason?: string;
    message?: string;
    startTime?: string;
    conditions?: Array<{
      type: string;
      status: string;
      reason?: string;
      message?: string;
    }>;
    containerStatuses?: Array<{
      name: string;
      ready: boolean;
      restartCount: number;
      state?: ContainerState;
      lastState?: ContainerState;
    }>;
  };
}

/** The kinds that we read or write. @alpha */
export interface KubernetesKinds {
  ConfigMap: ConfigMap;
  Secret: Secret;
  Deployment: Deployment;
  Pod: Pod;
}

/** @alpha */
export type KubernetesKind = keyof KubernetesKinds;

/**
 * How a patch is merged: RFC 7386, or Kubernetes' strategic merge.
 *
 * @alpha
 */
export type PatchType = 'merge' | 'strategic';

/** @alpha */
export interface WatchEvent<T> {
  type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK';
  object: T;
}

/** What a right permits. @alpha */
export interface KubernetesAccess {
  verb: string;
  /** Empty for the core group. */
  group?: string;
  /** Plural resource name. */
  resource: string;
  subresource?: string;
  /** Absent for all objects. */
  name?: string;
}

/**
 * The operations of a cluster that we use. Methods throw `ServiceUnavailableError` when the cluster cannot be reached,
 * answers with a server error or refuses our credentials (401); {@link KubernetesForbiddenError} (a
 * `ServiceUnavailableError` by name) with the verb and the resource that RBAC refuses; `ConflictError` for 409,
 * `NotFoundError` for a write to a missing object, `InputError` for what the server finds invalid (400, 422). No error
 * carries the body of an object.
 *
 * @alpha
 */
export interface KubernetesClient {
  /** URL of the API server, for messages. */
  readonly server: string;

  /** `undefined` where it does not exist. */
  get<K extends KubernetesKind>(
    kind: K,
    namespace: string,
    name: string,
    options?: CallOptions,
  ): Promise<KubernetesKinds[K] | undefined>;

  /** Follows `continue` to the end. */
  list<K extends KubernetesKind>(
    kind: K,
    namespace: string,
    selectors: { labelSelector?: string; fieldSelector?: string },
    options?: CallOptions,
  ): Promise<{ items: KubernetesKinds[K][]; resourceVersion: string }>;

  create<K extends KubernetesKind>(
    kind: K,
    object: KubernetesKinds[K],
    options?: CallOptions & { dryRun?: boolean },
  ): Promise<KubernetesKinds[K]>;

  /** Put `metadata.resourceVersion` in the patch to make it conditional. */
  patch<K extends KubernetesKind>(
    kind: K,
    namespace: string,
    name: string,
    patch: { type: PatchType; body: unknown },
    options?: CallOptions & { dryRun?: boolean },
  ): Promise<KubernetesKinds[K]>;

  /** False where it did not exist. */
  delete(
    kind: KubernetesKind,
    namespace: string,
    name: string,
    options?: CallOptions & { resourceVersion?: string },
  ): Promise<boolean>;

  /**
   * Events of matching objects: without a resource version first their current state, else from that version on, which must
   * be that of a list. Ends when the server closes the stream; the caller watches anew. An expired version is a
   * `ConflictError`. An abort rejects with the signal's reason.
   */
  watch<K extends KubernetesKind>(
    kind: K,
    namespace: string,
    selectors: {
      fieldSelector?: string;
      labelSelector?: string;
      resourceVersion?: string;
      timeoutSeconds?: number;
    },
    options?: CallOptions,
  ): AsyncIterable<WatchEvent<KubernetesKinds[K]>>;

  /**
   * The last lines of a container's log; `undefined` where RBAC refuses or there is none. It may contain
   * secrets, so redact it before you show it.
   */
  getPodLog(
    namespace: string,
    pod: string,
    query: { container?: string; previous?: boolean; tailLines?: number },
    options?: CallOptions,
  ): Promise<ForeignText | undefined>;

  /** Whether our account has each of these rights: SelfSubjectRulesReview, and SelfSubjectAccessReview where that is not enough. */
  mayI(
    namespace: string,
    accesses: readonly KubernetesAccess[],
    options?: CallOptions,
  ): Promise<boolean[]>;
}

/** The field manager of our writes. @alpha */
export const FIELD_MANAGER = 'backstage-hoop-authentik';

/**
 * TLS settings for the connection to an API server.
 *
 * @alpha
 */
export interface ClusterTls {
  /** PEM certificates to trust; by default those of the system. */
  ca?: string;
  /** PEM client certificate. */
  cert?: string;
  /** PEM key of the client certificate. */
  key?: string;
  rejectUnauthorized?: boolean;
  /** Expected name in the server certificate, where it is not the host of the URL. */
  servername?: string;
}

/**
 * How to reach one API server.
 *
 * @alpha
 */
export interface ClusterConnection {
  /** Base URL without a trailing slash. */
  server: string;
  tls: ClusterTls;
  /** URL of the proxy to use, which may contain a password; by default that of the environment, if any. */
  proxy?: SecretValue;
  /** The name of the cluster, where {@link ClusterConnection.server} is the proxy of Backstage's Kubernetes plugin. */
  behindPlugin?: string;
  /** Headers that authenticate the next request. */
  headers(): Promise<Record<string, string>>;
  /** Forgets a credential that the server refused (401); whether the next headers may have another one. */
  forget?(): boolean;
  /** What is not as it should be, though it works; sentences with the remedy. */
  warnings?: readonly string[];
}
