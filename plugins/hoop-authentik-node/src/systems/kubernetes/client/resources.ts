import { InputError } from '@backstage/errors';
import { isObjectName } from '../../../core';
import type { Deployment, KubernetesKind, KubernetesKinds } from '../types';

/**
 * The resource of a kind in the API.
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

/** Items of a list, and events of some servers, do not repeat their kind. @internal */
export function withType<K extends KubernetesKind>(
  kind: K,
  object: object,
): KubernetesKinds[K] {
  const { apiVersion } = RESOURCE_TYPES[kind];
  return { ...object, apiVersion, kind } as KubernetesKinds[K];
}

/**
 * Path of a collection or an object. Names are checked rather than escaped, so that no name from a catalog or a form leads
 * to another path.
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
  if (!isObjectName(name)) {
    throw new InputError(
      `${JSON.stringify(
        name,
      )} is not a valid name of ${what}: expected lower-case letters, digits, "-" and "."`,
    );
  }
  return name;
}

/**
 * A Deployment's selector as a query; empty where it selects nothing.
 *
 * @internal
 */
export function labelSelectorOf(deployment: Deployment): string {
  const { matchLabels = {}, matchExpressions = [] } = deployment.spec.selector;
  const expressions = matchExpressions.map(({ key, operator, values = [] }) => {
    switch (operator) {
      case 'Exists':
        return key;
      case 'DoesNotExist':
        return `!${key}`;
      default:
        return `${key} ${operator.toLowerCase()} (${values.join(',')})`;
    }
  });
  return [
    ...Object.entries(matchLabels).map(([key, value]) => `${key}=${value}`),
    ...expressions,
  ].join(',');
}

/** Each form that {@link labelSelectorOf} writes; their punctuation is never part of a name or a value. */
const REQUIREMENTS =
  /!([^,\s]+)|([^,\s=!]+) (in|notin) \(([^)]*)\)|([^,\s=!]+)=([^,]*)|([^,\s=!]+)/g;

/**
 * Whether a query of {@link labelSelectorOf} selects labels; the empty one selects everything.
 *
 * @internal
 */
export function matchesSelector(
  labels: Record<string, string>,
  selector: string,
): boolean {
  return [...selector.matchAll(REQUIREMENTS)].every(
    ([, absent, listed, operator, values, equal, value, present]) => {
      if (absent !== undefined) {
        return !(absent in labels);
      }
      if (listed !== undefined) {
        const isListed =
          listed in labels && values.split(',').includes(labels[listed]);
        // A missing label is in no list.
        return isListed === (operator === 'in');
      }
      return equal === undefined ? present in labels : labels[equal] === value;
    },
  );
}
