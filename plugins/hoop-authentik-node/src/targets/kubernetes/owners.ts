import type { KubernetesObject } from '../../kubernetes';
import type { TargetState } from '../types';

type Owner = TargetState['owners'][number];

/**
 * Which tool would undo or fight a live edit of an object, told by the marks that it leaves; pure.
 *
 * Sources: Helm's release labels, Argo CD's resource tracking, Flux's ownership labels.
 *
 * @internal
 */
export function ownersOf(object: KubernetesObject | undefined): Owner[] {
  if (!object) {
    return [];
  }
  const { labels = {}, annotations = {}, name } = object.metadata;
  const described = `${object.kind} "${name}"`;
  const release = annotations['meta.helm.sh/release-name'];
  const argo = annotations['argocd.argoproj.io/tracking-id'];
  const flux =
    labels['kustomize.toolkit.fluxcd.io/name'] ??
    labels['helm.toolkit.fluxcd.io/name'];
  return [
    ...(release || labels['app.kubernetes.io/managed-by'] === 'Helm'
      ? [
          {
            tool: 'Helm',
            object: described,
            detail: release ? `release "${release}"` : 'a release',
          },
        ]
      : []),
    ...(argo ? [{ tool: 'Argo CD', object: described, detail: argo }] : []),
    ...(flux ? [{ tool: 'Flux', object: described, detail: flux }] : []),
  ];
}
