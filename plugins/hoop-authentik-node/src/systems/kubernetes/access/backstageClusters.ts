import type { Config } from '@backstage/config';
import { InputError } from '@backstage/errors';
import { requireHttpUrl } from '../../../config/readUrl';
import { SecretValue } from '../../../core';

/** Where app-config declares the clusters of Backstage's Kubernetes plugin. @internal */
export const CLUSTER_LOCATORS = 'kubernetes.clusterLocatorMethods';

/** The cluster of the locator `localKubectlProxy`. */
const LOCAL_PROXY = { name: 'local', url: 'http://localhost:8001' };

/** The field of `authMetadata` that overrides `authProvider`. */
const AUTH_PROVIDER_ANNOTATION = 'kubernetes.io/auth-provider';

/** The authentication providers whose credentials app-config has, or that have none. */
const AUTH_PROVIDERS = ['serviceAccount', 'localKubectlProxy'] as const;

/** Those that only work with the token of a signed-in person, with what does instead. */
const NEEDS_A_PERSON: Record<string, string> = {
  google: 'the authProvider "googleServiceAccount"',
  aks: 'the authProvider "azure"',
  oidc: 'the authProvider "serviceAccount" with a token',
};

/** Locators whose clusters are all in app-config. */
const DECLARING = ['config', 'localKubectlProxy'];

/**
 * A cluster of Backstage's Kubernetes plugin.
 *
 * @internal
 */
export interface BackstageCluster {
  name: string;
  /** Its key in app-config, for messages. */
  where: string;
  /** Without a trailing slash. */
  url: string;
  authProvider: (typeof AUTH_PROVIDERS)[number];
  /** For `serviceAccount`; without one, the backend's own service account is used. */
  token: SecretValue | undefined;
  /** Base64 of a PEM text. */
  caData: string | undefined;
  /** Overrides `caData`, as in the Kubernetes plugin. */
  caFile: string | undefined;
  skipTLSVerify: boolean;
}

/**
 * Finds a cluster of Backstage's Kubernetes plugin; `undefined` where only the plugin can have its credentials.
 *
 * @throws InputError naming the clusters there are, or why this one cannot be used
 * @internal
 */
export function readBackstageCluster(
  root: Config,
  name: string,
): BackstageCluster | undefined {
  const methods = root.getOptionalConfigArray(CLUSTER_LOCATORS) ?? [];
  const known: string[] = [];
  const types: string[] = [];
  for (const [index, method] of methods.entries()) {
    const key = `${CLUSTER_LOCATORS}[${index}]`;
    const type = method.getString('type');
    types.push(type);
    if (type === 'localKubectlProxy') {
      if (name === LOCAL_PROXY.name) {
        return localProxy(key);
      }
      known.push(LOCAL_PROXY.name);
    }
    if (type === 'config') {
      const clusters = method.getOptionalConfigArray('clusters') ?? [];
      const names = clusters.map(cluster => cluster.getString('name'));
      const at = names.indexOf(name);
      if (at >= 0) {
        return readCluster(clusters[at], name, `${key}.clusters[${at}]`);
      }
      known.push(...names);
    }
  }
  if (types.some(type => !DECLARING.includes(type))) {
    return undefined;
  }
  throw new InputError(
    `the cluster "${name}": expected one that ${CLUSTER_LOCATORS} of app-config declares, found ${
      known.map(one => `"${one}"`).join(', ') || 'none'
    }. For a cluster that a module gives to the Kubernetes plugin, set "viaProxy: true"; otherwise set a "kubeconfig" instead`,
  );
}

function localProxy(where: string): BackstageCluster {
  return {
    ...LOCAL_PROXY,
    where,
    authProvider: 'localKubectlProxy',
    token: undefined,
    caData: undefined,
    caFile: undefined,
    skipTLSVerify: false,
  };
}

function readCluster(
  config: Config,
  name: string,
  where: string,
): BackstageCluster | undefined {
  const metadata =
    config.getOptional<Record<string, unknown>>('authMetadata') ?? {};
  const authProvider =
    metadata[AUTH_PROVIDER_ANNOTATION] ??
    config.getOptionalString('authProvider');
  const alternative =
    typeof authProvider === 'string' ? NEEDS_A_PERSON[authProvider] : undefined;
  if (typeof authProvider !== 'string' || alternative) {
    throw new InputError(
      alternative
        ? `the cluster "${name}" (${where}): the authProvider "${authProvider}" needs the token of a signed-in person, which a backend has not. Declare the cluster once more under another name with ${alternative}, or set a "kubeconfig" instead`
        : `the cluster "${name}" (${where}): expected an authProvider, found none`,
    );
  }
  const supported = AUTH_PROVIDERS.find(one => one === authProvider);
  if (!supported) {
    return undefined;
  }
  const token =
    metadata.serviceAccountToken ??
    config.getOptionalString('serviceAccountToken');
  return {
    name,
    where,
    url: requireHttpUrl(config.getString('url'), `${where}.url`),
    authProvider: supported,
    token:
      supported === 'serviceAccount' && typeof token === 'string'
        ? new SecretValue(token.trim())
        : undefined,
    caData: config.getOptionalString('caData'),
    caFile: config.getOptionalString('caFile'),
    skipTLSVerify: config.getOptionalBoolean('skipTLSVerify') ?? false,
  };
}
