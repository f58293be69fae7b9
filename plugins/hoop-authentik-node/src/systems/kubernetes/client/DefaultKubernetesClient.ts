import type { Config } from '@backstage/config';
import {
  ConflictError,
  NotFoundError,
  ServiceUnavailableError,
} from '@backstage/errors';
import type { CallOptions } from '../../../core';
import type { ClusterConfig } from '../../../config/types';
import { loadClusterConnection } from '../access/clusterAccess';
import { describeCall, KubernetesCall } from './errors';
import { KubernetesTransport } from './KubernetesTransport';
import { readPodLog } from './podLog';
import { RESOURCE_TYPES, resourcePath } from './resources';
import {
  ClusterConnection,
  FIELD_MANAGER,
  KubernetesClient,
  KubernetesKind,
  KubernetesKinds,
  KubernetesObject,
  PatchType,
  WatchEvent,
} from '../types';
import { watchEvents } from './watchStream';

const PATCH_CONTENT_TYPES: Record<PatchType, string> = {
  merge: 'application/merge-patch+json',
  strategic: 'application/strategic-merge-patch+json',
};

const ACCESS_REVIEWS = 'selfsubjectaccessreviews';

/** Objects per page of a list, as in kubectl. */
const PAGE_SIZE = 500;

/**
 * A small Kubernetes client: plain HTTP with pooled connections and JSON, for the four kinds that we use. It keeps unknown
 * fields of objects, and turns every refusal into an error that is safe to show.
 *
 * @public
 */
export class DefaultKubernetesClient implements KubernetesClient {
  readonly server: string;
  readonly #transport: KubernetesTransport;

  /**
   * Reads how to reach the cluster, without calling it.
   *
   * @throws InputError when the kubeconfig, the service account or the cluster of that name cannot be used
   */
  static async create(options: {
    cluster: ClusterConfig;
    /** All of app-config; required for a cluster that is declared there by name. */
    rootConfig?: Config;
    /** Deadline of one attempt in milliseconds. */
    timeoutMs?: number;
  }): Promise<DefaultKubernetesClient> {
    return new DefaultKubernetesClient(
      await loadClusterConnection(options.cluster, {
        rootConfig: options.rootConfig,
      }),
      options,
    );
  }

  constructor(
    connection: ClusterConnection,
    options: { timeoutMs?: number } = {},
  ) {
    this.server = connection.server;
    this.#transport = new KubernetesTransport(connection, options.timeoutMs);
  }

  async get<K extends KubernetesKind>(
    kind: K,
    namespace: string,
    name: string,
    options?: CallOptions,
  ): Promise<KubernetesKinds[K] | undefined> {
    const call = this.#call('get', kind, namespace, name);
    try {
      const answer = await this.#transport.json(
        call,
        { method: 'GET', path: resourcePath(kind, namespace, name) },
        options,
      );
      return objectOf(kind, call, answer);
    } catch (error) {
      if (NotFoundError.is(error)) {
        return undefined;
      }
      throw error;
    }
  }

  async list<K extends KubernetesKind>(
    kind: K,
    namespace: string,
    selectors: { labelSelector?: string; fieldSelector?: string },
    options?: CallOptions,
  ): Promise<{ items: KubernetesKinds[K][]; resourceVersion: string }> {
    try {
      return await this.#listPages(kind, namespace, selectors, options);
    } catch (error) {
      if (!ConflictError.is(error)) {
        throw error;
      }
      // The continue token expired between two pages (410): start over.
      return this.#listPages(kind, namespace, selectors, options);
    }
  }

  async create<K extends KubernetesKind>(
    kind: K,
    object: KubernetesKinds[K],
    options?: CallOptions & { dryRun?: boolean },
  ): Promise<KubernetesKinds[K]> {
    const { name, namespace = '' } = object.metadata;
    const call = this.#call('create', kind, namespace, name, object);
    const answer = await this.#transport.json(
      call,
      {
        method: 'POST',
        path: resourcePath(kind, namespace),
        query: writeQuery(options),
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(withType(kind, object)),
      },
      options,
    );
    return objectOf(kind, call, answer);
  }

  async patch<K extends KubernetesKind>(
    kind: K,
    namespace: string,
    name: string,
    patch: { type: PatchType; body: unknown },
    options?: CallOptions & { dryRun?: boolean },
  ): Promise<KubernetesKinds[K]> {
    const call = this.#call('patch', kind, namespace, name, patch.body);
    const answer = await this.#transport.json(
      call,
      {
        method: 'PATCH',
        path: resourcePath(kind, namespace, name),
        query: writeQuery(options),
        headers: { 'content-type': PATCH_CONTENT_TYPES[patch.type] },
        body: JSON.stringify(patch.body),
      },
      options,
    );
    return objectOf(kind, call, answer);
  }

  async delete(
    kind: KubernetesKind,
    namespace: string,
    name: string,
    options?: CallOptions & { resourceVersion?: string },
  ): Promise<boolean> {
    const { resourceVersion } = options ?? {};
    try {
      await this.#transport.json(
        this.#call('delete', kind, namespace, name),
        {
          method: 'DELETE',
          path: resourcePath(kind, namespace, name),
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({
            apiVersion: 'v1',
            kind: 'DeleteOptions',
            propagationPolicy: 'Background',
            ...(resourceVersion && { preconditions: { resourceVersion } }),
          }),
        },
        options,
      );
      return true;
    } catch (error) {
      if (NotFoundError.is(error)) {
        return false;
      }
      throw error;
    }
  }

  async *watch<K extends KubernetesKind>(
    kind: K,
    namespace: string,
    selectors: {
      fieldSelector?: string;
      labelSelector?: string;
      resourceVersion?: string;
      timeoutSeconds?: number;
    },
    options?: CallOptions,
  ): AsyncGenerator<WatchEvent<KubernetesKinds[K]>> {
    const call = this.#call('watch', kind, namespace);
    const { timeoutSeconds, ...rest } = selectors;
    yield* this.#transport.stream(
      call,
      {
        path: resourcePath(kind, namespace),
        query: {
          watch: 'true',
          allowWatchBookmarks: 'true',
          ...rest,
          timeoutSeconds: timeoutSeconds?.toString(),
        },
      },
      options,
      chunks => watchEvents(chunks, call, object => withType(kind, object)),
    );
  }

  async getPodLog(
    namespace: string,
    pod: string,
    query: Parameters<KubernetesClient['getPodLog']>[2],
    options?: CallOptions,
  ): Promise<string | undefined> {
    const call = this.#call('get', 'Pod', namespace, pod);
    return readPodLog(this.#transport, call, query, options);
  }

  async canI(
    access: Parameters<KubernetesClient['canI']>[0],
    options?: CallOptions,
  ): Promise<boolean> {
    const review = (await this.#transport.json(
      {
        server: this.server,
        verb: 'create',
        resource: ACCESS_REVIEWS,
        namespace: access.namespace,
      },
      {
        method: 'POST',
        path: `apis/authorization.k8s.io/v1/${ACCESS_REVIEWS}`,
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({
          apiVersion: 'authorization.k8s.io/v1',
          kind: 'SelfSubjectAccessReview',
          spec: { resourceAttributes: access },
        }),
      },
      options,
    )) as { status?: { allowed?: boolean } };
    return review.status?.allowed === true;
  }

  /** Closes the pooled connections once the running requests have ended. */
  async close(): Promise<void> {
    await this.#transport.close();
  }

  async #listPages<K extends KubernetesKind>(
    kind: K,
    namespace: string,
    selectors: { labelSelector?: string; fieldSelector?: string },
    options?: CallOptions,
  ) {
    const call = this.#call('list', kind, namespace);
    const items: KubernetesKinds[K][] = [];
    let next: string | undefined;
    for (;;) {
      const page = (await this.#transport.json(
        call,
        {
          method: 'GET',
          path: resourcePath(kind, namespace),
          query: { ...selectors, limit: String(PAGE_SIZE), continue: next },
        },
        options,
      )) as {
        items?: KubernetesObject[] | null;
        metadata?: { resourceVersion?: string; continue?: string };
      };
      // Items of a list do not repeat their kind.
      items.push(...(page.items ?? []).map(item => withType(kind, item)));
      next = page.metadata?.continue;
      if (!next) {
        return { items, resourceVersion: page.metadata?.resourceVersion ?? '' };
      }
    }
  }

  #call(
    verb: string,
    kind: KubernetesKind,
    namespace: string,
    name?: string,
    sent?: unknown,
  ): KubernetesCall {
    const resource = RESOURCE_TYPES[kind].plural;
    return { server: this.server, verb, resource, namespace, name, sent };
  }
}

function objectOf<K extends KubernetesKind>(
  kind: K,
  call: KubernetesCall,
  answer: Partial<KubernetesObject>,
): KubernetesKinds[K] {
  if (answer.kind !== kind || !answer.metadata?.name) {
    throw new ServiceUnavailableError(
      `${describeCall(call)}: expected a ${kind}, found other JSON`,
    );
  }
  return answer as KubernetesKinds[K];
}

function writeQuery(options: { dryRun?: boolean } | undefined) {
  return {
    fieldManager: FIELD_MANAGER,
    dryRun: options?.dryRun ? 'All' : undefined,
  };
}

function withType<K extends KubernetesKind>(
  kind: K,
  object: object,
): KubernetesKinds[K] {
  return {
    ...object,
    apiVersion: RESOURCE_TYPES[kind].apiVersion,
    kind,
  } as KubernetesKinds[K];
}
