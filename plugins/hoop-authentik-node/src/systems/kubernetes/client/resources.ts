import { InputError } from '@backstage/errors';
import type { KubernetesKind } from '../types';

/**
 * Where the API server serves a kind.
 *
 * @internal
 */
export interface ResourceType {
  apiVersion: string;
  /** API group; empty for the core group. */
  group: string;
  /** Plural name, as in paths and RBAC rules. */
  plural: string;
}

/** @internal */
export const RESOURCE_TYPES: Record<KubernetesKind, ResourceType> = {
  ConfigMap: { apiVersion: 'v1', group: '', plural: 'configmaps' },
  Secret: { apiVersion: 'v1', group: '', plural: 'secrets' },
  Pod: { apiVersion: 'v1', group: '', plural: 'pods' },
  Deployment: { apiVersion: 'apps/v1', group: 'apps', plural: 'deployments' },
};

/** DNS subdomain name (RFC 1123), what the kinds we touch must be named. */
const NAME =
  /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;

/**
 * Path of a collection or an object. Names are checked rather than escaped, so that no name from a catalog or a form
 * can lead to another path.
 *
 * @throws InputError for a name Kubernetes would not accept
 * @internal
 */
export function resourcePath(
  kind: KubernetesKind,
  namespace: string,
  name?: string,
  subresource?: string,
): string {
  const { apiVersion, group, plural } = RESOURCE_TYPES[kind];
  const root = group ? `apis/${apiVersion}` : `api/${apiVersion}`;
  return [
    root,
    'namespaces',
    requireName(namespace, 'a namespace'),
    plural,
    ...(name === undefined ? [] : [requireName(name, `a ${kind}`)]),
    ...(subresource ? [subresource] : []),
  ].join('/');
}

function requireName(name: string, what: string): string {
  if (name.length > 253 || !NAME.test(name)) {
    throw new InputError(
      `${JSON.stringify(
        name,
      )} is not a name for ${what}: expected lower-case letters, digits, "-" and "."`,
    );
  }
  return name;
}
