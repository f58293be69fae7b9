import { join } from 'node:path';
import type { Config } from '@backstage/config';
import { InputError } from '@backstage/errors';
import type { ClusterConfig } from '../../../config/types';
import {
  BackstageCluster,
  CLUSTER_LOCATORS,
  readBackstageCluster,
} from './backstageClusters';
import {
  decodeBase64Field,
  fixedToken,
  readTextFile,
  requireCertificates,
  tokenFromFile,
  type TokenSource,
} from './credentials';
import { readKubeconfig } from './kubeconfig';
import {
  connectThroughPlugin,
  type KubernetesPluginAccess,
} from './kubernetesPlugin';
import { unverified } from './warnings';
import type { ClusterConnection } from '../types';

/** Where Kubernetes mounts the credentials of a pod's service account. */
const SERVICE_ACCOUNT_DIR = '/var/run/secrets/kubernetes.io/serviceaccount';

/**
 * Reads how to reach a cluster. Tokens in files are read again for each request, because they are renewed while the
 * backend runs; certificates are read once.
 *
 * @param surroundings - all of app-config, for a cluster that is declared there by name, and how the Kubernetes plugin is
 *   called, for one whose credentials only it has; for tests, the environment and the service account directory of a pod
 * @throws InputError naming the file, what was expected and what was found
 * @alpha
 */
export async function loadClusterConnection(
  config: ClusterConfig,
  surroundings: {
    env?: NodeJS.ProcessEnv;
    serviceAccountDir?: string;
    rootConfig?: Config;
    kubernetesPlugin?: KubernetesPluginAccess;
  } = {},
): Promise<ClusterConnection> {
  const inCluster = (why: string) =>
    inClusterConnection(
      surroundings.env ?? process.env,
      surroundings.serviceAccountDir ?? SERVICE_ACCOUNT_DIR,
      why,
    );
  if ('inCluster' in config) {
    return inCluster('"inCluster: true"');
  }
  if ('name' in config) {
    return namedCluster(config, surroundings, inCluster);
  }
  const { kubeconfig, ...options } = config;
  const access = await readKubeconfig(kubeconfig, {
    ...options,
    env: surroundings.env,
  });
  if (access.server.startsWith('http:') && access.hasCredentials) {
    // kubectl silently omits the token over plain HTTP, which is hard to find.
    throw new InputError(
      `the kubeconfig ${kubeconfig}: expected an https server for a user with credentials, found ${access.server}; credentials are never sent unencrypted`,
    );
  }
  // Finds a token that cannot be read before the first request.
  await access.token?.();
  return {
    server: access.server,
    tls: access.tls,
    proxy: access.proxy,
    headers: () => bearer(access.token),
    forget: access.forget,
    warnings: access.warnings,
  };
}

/** With its own credentials where app-config has them, else through the plugin. */
async function namedCluster(
  { name, viaProxy }: Extract<ClusterConfig, { name: string }>,
  {
    rootConfig,
    kubernetesPlugin,
  }: { rootConfig?: Config; kubernetesPlugin?: KubernetesPluginAccess },
  inCluster: (why: string) => Promise<ClusterConnection>,
): Promise<ClusterConnection> {
  if (viaProxy) {
    return connectThroughPlugin(name, kubernetesPlugin);
  }
  if (!rootConfig) {
    throw new InputError(
      `the cluster "${name}" is declared under ${CLUSTER_LOCATORS}: expected all of app-config, found none`,
    );
  }
  const cluster = readBackstageCluster(rootConfig, name);
  if (!cluster) {
    return connectThroughPlugin(name, kubernetesPlugin);
  }
  // As in the Kubernetes plugin: the service account of the backend's pod is for the server of its own cluster.
  return cluster.authProvider === 'serviceAccount' && !cluster.token
    ? inCluster(
        `the cluster "${cluster.name}" (${cluster.where}) has no serviceAccountToken, so the backend's own service account is used: it`,
      )
    : namedConnection(cluster);
}

/** A cluster of Backstage's Kubernetes plugin with its own credentials, or behind a proxy that has them. */
async function namedConnection(
  cluster: BackstageCluster,
): Promise<ClusterConnection> {
  const { token, url, where } = cluster;
  if (token && url.startsWith('http:')) {
    throw new InputError(
      `the cluster "${cluster.name}" (${where}): expected an https URL for a serviceAccountToken, found ${url}; credentials are never sent unencrypted`,
    );
  }
  const ca = await authorityOf(cluster);
  return {
    server: url,
    tls: {
      ...(ca && { ca }),
      ...(cluster.skipTLSVerify && { rejectUnauthorized: false }),
    },
    headers: () => bearer(token && fixedToken(token)),
    warnings: cluster.skipTLSVerify
      ? [unverified(`the cluster "${cluster.name}" (${where})`)]
      : [],
  };
}

async function authorityOf({
  caData,
  caFile,
  where,
}: BackstageCluster): Promise<string | undefined> {
  if (caFile) {
    return requireCertificates(
      await readTextFile(caFile, `${where}.caFile`),
      `${where}.caFile ${caFile}`,
    );
  }
  return caData
    ? requireCertificates(
        decodeBase64Field(caData, `${where}.caData`),
        `${where}.caData`,
      )
    : undefined;
}

/** @param why - what requires it, for messages: `"inCluster: true"` */
async function inClusterConnection(
  env: NodeJS.ProcessEnv,
  directory: string,
  why: string,
): Promise<ClusterConnection> {
  const host = env.KUBERNETES_SERVICE_HOST;
  const port = env.KUBERNETES_SERVICE_PORT;
  if (!host || !port) {
    throw new InputError(
      `${why} needs the environment variables KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT, which every pod has; the backend does not seem to run in a cluster. Set a "kubeconfig" instead`,
    );
  }
  const caFile = join(directory, 'ca.crt');
  const ca = requireCertificates(
    await readTextFile(caFile, 'the cluster certificate authority'),
    `the cluster certificate authority ${caFile}`,
  );
  const token = tokenFromFile(
    join(directory, 'token'),
    'the service account token',
  );
  await token();
  return {
    // An IPv6 address needs brackets in a URL.
    server: `https://${host.includes(':') ? `[${host}]` : host}:${port}`,
    tls: { ca },
    headers: () => bearer(token),
  };
}

async function bearer(
  token: TokenSource | undefined,
): Promise<Record<string, string>> {
  return token ? { authorization: `Bearer ${(await token()).reveal()}` } : {};
}
