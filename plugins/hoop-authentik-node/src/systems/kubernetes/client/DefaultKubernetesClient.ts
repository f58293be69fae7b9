import type { Config } from '@backstage/config';
import { NotFoundError, ServiceUnavailableError } from '@backstage/errors';
import { z } from 'zod';
import type { CallOptions, ForeignText } from '../../../core';
import type { ClusterConfig } from '../../../config/types';
import { decodeValue, type HttpRequest } from '../../../http';
import { loadClusterConnection } from '../access/clusterAccess';
import type { KubernetesPluginAccess } from '../access/kubernetesPlugin';
import { CREATED, reviewAccess } from './accessReview';
import { deleteObject } from './deletion';
import { type KubernetesCall, describeCall } from './call';
import { listAll } from './lists';
import { KubernetesTransport } from './KubernetesTransport';
import { readPodLog } from './podLog';
import { RESOURCE_TYPES, resourcePath, withType } from './resources';
import { objectSchema } from './schemas';
import {
  ClusterConnection,
  KubernetesAccess,
  KubernetesClient,
  KubernetesKind,
  KubernetesKinds,
  PatchType,
  WatchEvent,
} from '../types';
import { watchEvents } from './watchStream';
import { PATCH_CONTENT_TYPES, plainWords, writeQuery } from './writes';

/**
 * A small Kubernetes client: plain HTTP with pooled connections and JSON, for the four kinds that we use. It keeps unknown
 * fields of objects, and turns every refusal into an error that is safe to show.
 *
 * @alpha
 */
export class DefaultKubernetesClient implements KubernetesClient {
  readonly server: string;
  /** What is not as it should be with the access to the cluster, though it works; sentences with the remedy. */
  readonly warnings: readonly string[];
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
    /** Required for a cluster whose credentials only the Kubernetes plugin has. */
    kubernetesPlugin?: KubernetesPluginAccess;
    /** Deadline of one attempt in milliseconds. */
    timeoutMs?: number;
  }): Promise<DefaultKubernetesClient> {
    return new DefaultKubernetesClient(
      await loadClusterConnection(options.cluster, {
        rootConfig: options.rootConfig,
        kubernetesPlugin: options.kubernetesPlugin,
      }),
      options,
    );
  }

  constructor(
    connection: ClusterConnection,
    options: { timeoutMs?: number } = {},
  ) {
    this.#transport = new KubernetesTransport(connection, options.timeoutMs);
    this.server = this.#transport.called.server;
    this.warnings = connection.warnings ?? [];
  }

  async get<K extends KubernetesKind>(
    kind: K,
    namespace: string,
    name: string,
    options?: CallOptions,
  ): Promise<KubernetesKinds[K] | undefined> {
    const call = this.#call('get', kind, namespace, name);
    try {
      return await this.#object(
        kind,
        call,
        {
          method: 'GET',
          path: resourcePath(kind, namespace, name),
          expect: [200],
        },
        options,
      );
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
    const call = this.#call('list', kind, namespace);
    return listAll(this.#transport, call, kind, selectors, options);
  }

  async create<K extends KubernetesKind>(
    kind: K,
    object: KubernetesKinds[K],
    options?: CallOptions & { dryRun?: boolean },
  ): Promise<KubernetesKinds[K]> {
    const { name, namespace = '', labels, annotations } = object.metadata;
    const call = this.#call('create', kind, namespace, name);
    return this.#object(
      kind,
      call,
      {
        method: 'POST',
        path: resourcePath(kind, namespace),
        expect: CREATED,
        plain: [
          ...plainWords(kind, namespace, name),
          ...Object.values({ ...labels, ...annotations }),
        ],
        query: writeQuery(options),
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(withType(kind, object)),
      },
      options,
    );
  }

  async patch<K extends KubernetesKind>(
    kind: K,
    namespace: string,
    name: string,
    patch: { type: PatchType; body: unknown },
    options?: CallOptions & { dryRun?: boolean },
  ): Promise<KubernetesKinds[K]> {
    const call = this.#call('patch', kind, namespace, name);
    return this.#object(
      kind,
      call,
      {
        method: 'PATCH',
        path: resourcePath(kind, namespace, name),
        expect: [200, 201],
        plain: plainWords(kind, namespace, name),
        query: writeQuery(options),
        headers: { 'content-type': PATCH_CONTENT_TYPES[patch.type] },
        body: JSON.stringify(patch.body),
      },
      options,
    );
  }

  async delete(
    kind: KubernetesKind,
    namespace: string,
    name: string,
    options?: CallOptions & { resourceVersion?: string },
  ): Promise<boolean> {
    const call = this.#call('delete', kind, namespace, name);
    return deleteObject(
      this.#transport,
      call,
      resourcePath(kind, namespace, name),
      options,
      async () => !(await this.get(kind, namespace, name, options)),
    );
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
    const { timeoutSeconds, ...rest } = selectors;
    const name = /^metadata\.name=([^,]+)$/.exec(rest.fieldSelector ?? '')?.[1];
    const call = this.#call('watch', kind, namespace, name);
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
      (chunks, formatter) =>
        watchEvents(chunks, { call, kind, namespace, name, formatter }),
    );
  }

  async getPodLog(
    namespace: string,
    pod: string,
    query: Parameters<KubernetesClient['getPodLog']>[2],
    options?: CallOptions,
  ): Promise<ForeignText | undefined> {
    const call = this.#call('get', 'Pod', namespace, pod);
    return readPodLog(this.#transport, call, query, options);
  }

  async mayI(
    namespace: string,
    accesses: readonly KubernetesAccess[],
    options?: CallOptions,
  ): Promise<boolean[]> {
    return reviewAccess(this.#transport, namespace, accesses, options);
  }

  /** Closes the pooled connections once the running requests have ended. */
  async close(): Promise<void> {
    await this.#transport.close();
  }

  /** Sends a request that is answered with an object of the kind. */
  async #object<K extends KubernetesKind>(
    kind: K,
    call: KubernetesCall,
    request: HttpRequest & { expect: readonly number[] },
    options: CallOptions | undefined,
  ): Promise<KubernetesKinds[K]> {
    const { value } = await this.#transport.json(
      call,
      request,
      options,
      z.looseObject({ kind: z.unknown() }),
    );
    if (value.kind !== kind) {
      throw new ServiceUnavailableError(
        `${describeCall(call)}: expected a ${kind}, found other JSON`,
      );
    }
    return decodeValue(describeCall(call), value, objectSchema(kind));
  }

  #call(
    verb: string,
    kind: KubernetesKind,
    namespace: string,
    name?: string,
  ): KubernetesCall {
    const resource = RESOURCE_TYPES[kind].plural;
    return { ...this.#transport.called, verb, resource, namespace, name };
  }
}
