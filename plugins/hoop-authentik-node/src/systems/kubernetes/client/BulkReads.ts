import type { CallOptions } from '../../../core';
import { KubernetesForbiddenError } from './errors';
import { matchesSelector } from './resources';
import type {
  Deployment,
  KubernetesClient,
  KubernetesKind,
  KubernetesKinds,
  Pod,
} from '../types';

/**
 * The reads that an observation makes of a cluster.
 *
 * @alpha
 */
export type KubernetesReader = Pick<
  KubernetesClient,
  'server' | 'get' | 'list'
>;

class BulkReader implements KubernetesReader {
  readonly server: string;
  readonly #client: KubernetesClient;
  readonly #options: CallOptions;
  readonly #reads = new Map<string, Promise<unknown>>();

  constructor(client: KubernetesClient, options: CallOptions) {
    this.server = client.server;
    this.#client = client;
    this.#options = options;
  }

  async get<K extends KubernetesKind>(
    kind: K,
    namespace: string,
    name: string,
  ): Promise<KubernetesKinds[K] | undefined> {
    if (kind === 'Deployment') {
      const all = await this.#listed('Deployment', namespace);
      if (all) {
        return all.find(({ metadata }) => metadata.name === name) as
          | KubernetesKinds[K]
          | undefined;
      }
    }
    return this.#shared(`get ${kind} ${namespace}/${name}`, () =>
      this.#client.get(kind, namespace, name, this.#options),
    );
  }

  async list<K extends KubernetesKind>(
    kind: K,
    namespace: string,
    selectors: Parameters<KubernetesClient['list']>[2],
  ): Promise<{ items: KubernetesKinds[K][]; resourceVersion: string }> {
    const { labelSelector = '', fieldSelector } = selectors;
    if (kind === 'Pod' && !fieldSelector) {
      const all = await this.#listed('Pod', namespace);
      if (all) {
        const items = all.filter(({ metadata: { labels = {} } }) =>
          matchesSelector(labels, labelSelector),
        );
        return { items: items as KubernetesKinds[K][], resourceVersion: '' };
      }
    }
    return this.#shared(
      `list ${kind} ${namespace} ${labelSelector} ${fieldSelector}`,
      () => this.#client.list(kind, namespace, selectors, this.#options),
    );
  }

  /** All objects of a kind in a namespace; `undefined` where our account may not list them. */
  #listed(
    kind: 'Deployment',
    namespace: string,
  ): Promise<Deployment[] | undefined>;
  #listed(kind: 'Pod', namespace: string): Promise<Pod[] | undefined>;
  #listed(
    kind: 'Deployment' | 'Pod',
    namespace: string,
  ): Promise<Array<Deployment | Pod> | undefined> {
    return this.#shared(`all ${kind} ${namespace}`, async () => {
      try {
        const { items } = await this.#client.list(
          kind,
          namespace,
          {},
          this.#options,
        );
        return items;
      } catch (error) {
        if (KubernetesForbiddenError.is(error)) {
          return undefined;
        }
        throw error;
      }
    });
  }

  #shared<T>(key: string, read: () => Promise<T>): Promise<T> {
    const known = this.#reads.get(key) as Promise<T> | undefined;
    const reading = known ?? read();
    this.#reads.set(key, reading);
    return reading;
  }
}

/**
 * Reads that the observations of many gateways share: the Deployments and pods of each namespace are listed once, and an
 * object that several gateways refer to is read once. ConfigMaps and Secrets are read by name only, since listing them
 * requires the right to read every Secret. Where a list is refused, the objects are read one by one.
 *
 * Reads are cached, so create a new instance for each sweep, and plan writes on a separate observation.
 *
 * @alpha
 */
export class BulkReads {
  readonly #readers = new Map<KubernetesClient, KubernetesReader>();
  readonly #options: CallOptions;

  /** @param options - `signal` ends all reads; the signal of one observation does not, since others share its reads. */
  constructor(options: CallOptions = {}) {
    this.#options = { lane: 'reader', ...options };
  }

  /** Reads of one cluster. */
  of(client: KubernetesClient): KubernetesReader {
    const known = this.#readers.get(client);
    if (known) {
      return known;
    }
    const reader = new BulkReader(client, this.#options);
    this.#readers.set(client, reader);
    return reader;
  }
}
