import type { KubernetesObject } from '../../kubernetes';
import type { TargetState } from '../types';

type Owner = TargetState['owners'][number];

const ARGO = 'argocd.argoproj.io/';
const VALUES_FILE =
  'change its values file in Git with the action hoop:helmValues:patch';

/**
 * Which tool would undo or fight a live edit of an object, told by the marks that it leaves, with what to do instead;
 * pure.
 *
 * Sources: Helm's release labels, Argo CD's resource tracking, Flux's ownership labels, owner references.
 *
 * @internal
 */
export function ownersOf(object: KubernetesObject | undefined): Owner[] {
  if (!object) {
    return [];
  }
  const described = `${object.kind} "${object.metadata.name}"`;
  return [
    helmOwner(object),
    argoOwner(object),
    fluxOwner(object),
    ...controllersOf(object),
  ].flatMap(owner => (owner ? [{ ...owner, object: described }] : []));
}

type Found = Omit<Owner, 'object'>;

function helmOwner({ metadata }: KubernetesObject): Found | undefined {
  const { labels = {}, annotations = {} } = metadata;
  const release = annotations['meta.helm.sh/release-name'];
  return release || labels['app.kubernetes.io/managed-by'] === 'Helm'
    ? {
        tool: 'Helm',
        detail: release ? `release "${release}"` : 'a release',
        advice: VALUES_FILE,
      }
    : undefined;
}

function argoOwner(object: KubernetesObject): Found | undefined {
  const { labels = {}, annotations = {} } = object.metadata;
  const detail =
    annotations[`${ARGO}tracking-id`] ??
    labels[`${ARGO}instance`] ??
    // The label is a common one: it means something only where Argo CD has left another mark.
    (hasArgoMark(object) ? labels['app.kubernetes.io/instance'] : undefined);
  return detail ? { tool: 'Argo CD', detail, advice: VALUES_FILE } : undefined;
}

function hasArgoMark({ metadata }: KubernetesObject): boolean {
  const { labels = {}, annotations = {}, managedFields = [] } = metadata;
  return (
    [...Object.keys(labels), ...Object.keys(annotations)].some(key =>
      key.startsWith(ARGO),
    ) || managedFields.some(({ manager }) => manager?.startsWith('argocd'))
  );
}

function fluxOwner({ metadata }: KubernetesObject): Found | undefined {
  const { labels = {} } = metadata;
  const release = labels['helm.toolkit.fluxcd.io/name'];
  const detail = labels['kustomize.toolkit.fluxcd.io/name'] ?? release;
  return detail
    ? {
        tool: 'Flux',
        detail,
        advice: release
          ? VALUES_FILE
          : 'change its manifests in Git: hoop:helmValues:patch and hoop:envFile:patch write settings to a file',
      }
    : undefined;
}

/** An operator makes an object like the one that it belongs to again. */
function controllersOf({ metadata }: KubernetesObject): Found[] {
  return (metadata.ownerReferences ?? []).map(({ kind, name }) => ({
    tool: `the controller of ${kind}`,
    detail: `${kind} "${name}"`,
    advice: `change the ${kind} "${name}" that it is made from`,
  }));
}
