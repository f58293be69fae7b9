import { FIELD_MANAGER, type KubernetesKind, type PatchType } from '../types';
import { RESOURCE_TYPES } from './resources';

/** @internal */
export const PATCH_CONTENT_TYPES: Record<PatchType, string> = {
  merge: 'application/merge-patch+json',
  strategic: 'application/strategic-merge-patch+json',
};

/** @internal */
export function writeQuery(options: { dryRun?: boolean } | undefined) {
  return {
    fieldManager: FIELD_MANAGER,
    dryRun: options?.dryRun ? 'All' : undefined,
  };
}

/** Words that a message about a write may repeat: it names them anyway. @internal */
export function plainWords(
  kind: KubernetesKind,
  namespace: string,
  name: string,
) {
  const { apiVersion } = RESOURCE_TYPES[kind];
  return [apiVersion, kind, namespace, name, FIELD_MANAGER, 'All'];
}
