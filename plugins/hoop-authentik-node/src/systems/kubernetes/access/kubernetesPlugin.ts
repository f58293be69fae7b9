import { InputError } from '@backstage/errors';
import type { ClusterConnection } from '../types';

/** By which the proxy of the Kubernetes plugin knows the cluster that a request is for. */
const CLUSTER_HEADER = 'backstage-kubernetes-cluster';

/**
 * How the backend of Backstage's Kubernetes plugin is called.
 *
 * @alpha
 */
export interface KubernetesPluginAccess {
  /** Its base URL, as discovery gives it. */
  baseUrl(): Promise<string>;
  /** A token for the next request, from one plugin's backend to another. */
  token(): Promise<string>;
}

/**
 * A cluster behind the backend proxy of the Kubernetes plugin, which has its credentials.
 *
 * @throws InputError outside a Backstage backend
 * @internal
 */
export async function connectThroughPlugin(
  cluster: string,
  plugin: KubernetesPluginAccess | undefined,
): Promise<ClusterConnection> {
  if (!plugin) {
    throw new InputError(
      `the cluster "${cluster}" is reached through the backend of Backstage's Kubernetes plugin: expected to run in a Backstage backend, found none`,
    );
  }
  if (!/^[ -~]+$/.test(cluster)) {
    throw new InputError(
      `the cluster ${JSON.stringify(
        cluster,
      )}: expected a name of printable ASCII characters, which the proxy of the Kubernetes plugin takes in a header`,
    );
  }
  const baseUrl = (await plugin.baseUrl()).replace(/\/+$/, '');
  return {
    server: `${baseUrl}/proxy`,
    tls: {},
    behindPlugin: cluster,
    headers: async () => ({
      [CLUSTER_HEADER]: cluster,
      authorization: `Bearer ${await plugin.token()}`,
    }),
  };
}
