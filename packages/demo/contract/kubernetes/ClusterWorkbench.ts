import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import {
  DefaultKubernetesClient,
  loadClusterConnection,
  type ClusterConnection,
  type ConfigMap,
  type Deployment,
  type KubernetesKind,
  type KubernetesKinds,
  type Secret,
} from 'backstage-plugin-hoop-authentik-node/alpha';
import type { ClusterTarget } from './target';

export interface RawAnswer {
  status: number;
  contentType: string;
  body: unknown;
}

/** Makes objects in the cluster under names that nobody else uses, and takes them away again. */
export class ClusterWorkbench {
  readonly target: ClusterTarget;
  readonly prefix = `contract-${randomBytes(4).toString('hex')}-`;
  #client: DefaultKubernetesClient | undefined;
  readonly #objects: Array<{ kind: KubernetesKind; name: string }> = [];
  #made = 0;

  constructor(target: ClusterTarget) {
    this.target = target;
  }

  get namespace(): string {
    return this.target.namespace;
  }

  get client(): DefaultKubernetesClient {
    assert.ok(this.#client, 'the workbench is not open');
    return this.#client;
  }

  async open(): Promise<void> {
    this.#client = new DefaultKubernetesClient(await this.#connection());
  }

  /** A name that no other object has. */
  name(): string {
    return `${this.prefix}${++this.#made}`;
  }

  configMap(more: Partial<ConfigMap> = {}): ConfigMap {
    return { ...this.#object('v1', 'ConfigMap'), ...more };
  }

  secret(more: Partial<Secret> = {}): Secret {
    return { ...this.#object('v1', 'Secret'), type: 'Opaque', ...more };
  }

  /** Without replicas, so that nothing is started anywhere. */
  deployment(): Deployment {
    const object = this.#object('apps/v1', 'Deployment');
    const labels = { app: object.metadata.name };
    return {
      ...object,
      spec: {
        replicas: 0,
        selector: { matchLabels: labels },
        template: {
          metadata: { labels },
          spec: {
            containers: [
              {
                name: 'gateway',
                image: 'registry.k8s.io/pause:3.9',
                env: [{ name: 'A', value: '1' }],
                envFrom: [{ configMapRef: { name: 'one', optional: true } }],
              },
              { name: 'sidecar', image: 'registry.k8s.io/pause:3.9' },
            ],
          },
        },
      },
    };
  }

  async read<K extends KubernetesKind>(
    kind: K,
    name: string,
  ): Promise<KubernetesKinds[K]> {
    const found = await this.client.get(kind, this.namespace, name);
    assert.ok(found, `the ${kind} ${name} is not there`);
    return found;
  }

  /** Path of the core group in the namespace. */
  core(path: string): string {
    return `/api/v1/namespaces/${this.namespace}/${path}`;
  }

  /** A request where the answer itself is the point; with our credentials unless a token is given. */
  async raw(
    method: string,
    path: string,
    options: { token?: string; contentType?: string; body?: unknown } = {},
  ): Promise<RawAnswer> {
    const { server, tls, headers } = await this.#connection();
    const { token, body, contentType = 'application/json' } = options;
    const text = body === undefined ? undefined : JSON.stringify(body);
    const { cert, key, ...trust } = tls;
    const credentials = {
      ...(token === undefined || this.target.portal ? await headers() : {}),
      // The proxy takes the credentials of its caller there, in place of its own.
      ...(token === undefined
        ? {}
        : {
            [this.target.portal
              ? 'backstage-kubernetes-authorization'
              : 'authorization']: `Bearer ${token}`,
          }),
    };
    const request = server.startsWith('https:') ? httpsRequest : httpRequest;
    return new Promise((resolve, reject) => {
      request(
        `${server}${path}`,
        {
          method,
          ...trust,
          ...(token === undefined ? { cert, key } : {}),
          headers: {
            accept: 'application/json',
            ...credentials,
            ...(text === undefined
              ? {}
              : {
                  'content-type': contentType,
                  // Node adds none to the body of a DELETE.
                  'content-length': String(Buffer.byteLength(text)),
                }),
          },
        },
        response => {
          const chunks: Buffer[] = [];
          response.on('data', chunk => chunks.push(chunk));
          response.on('error', reject);
          response.on('end', () =>
            resolve({
              status: response.statusCode ?? 0,
              contentType: response.headers['content-type'] ?? '',
              body: JSON.parse(Buffer.concat(chunks).toString('utf8')),
            }),
          );
        },
      )
        .on('error', reject)
        .end(text);
    });
  }

  /** Removes everything that was made, and goes on where one object cannot be removed. */
  async cleanUp(): Promise<void> {
    const { client, namespace } = this;
    try {
      const left = await Promise.all(
        this.#objects.map(async ({ kind, name }) => {
          try {
            await client.delete(kind, namespace, name);
            return [];
          } catch (error) {
            return [`${kind} ${name}: ${error}`];
          }
        }),
      );
      assert.deepEqual(left.flat(), [], 'these could not be removed');
    } finally {
      await client.close();
    }
  }

  async #connection(): Promise<ClusterConnection> {
    const { portal, kubeconfig } = this.target;
    return portal
      ? loadClusterConnection(
          { name: portal.cluster, viaProxy: true },
          {
            kubernetesPlugin: {
              baseUrl: async () => `${portal.url}/api/kubernetes`,
              token: async () => portal.token,
            },
          },
        )
      : loadClusterConnection({ kubeconfig });
  }

  #object<K extends KubernetesKind>(apiVersion: string, kind: K) {
    const name = this.name();
    this.#objects.push({ kind, name });
    return { apiVersion, kind, metadata: { name, namespace: this.namespace } };
  }
}
