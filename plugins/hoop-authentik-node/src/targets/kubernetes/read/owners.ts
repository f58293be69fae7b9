import type { KubernetesObject } from '../../../systems/kubernetes';
import type { ObjectOwner } from '../../types';
import type { ObjectChange, WriteStep } from '../plan/steps';

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
export function ownersOf(object: KubernetesObject | undefined): ObjectOwner[] {
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

/**
 * Whose objects some writes would edit. A tool leaves the mark of a restart alone, so that the Deployment counts only where
 * its references change; pure.
 *
 * @internal
 */
export function ownersOfWrites(
  deployment: KubernetesObject,
  steps: WriteStep[],
  leftovers: ObjectChange[],
): ObjectOwner[] {
  const written = new Set([
    ...steps.map(step =>
      step.type === 'references' ? deployment : step.change.found,
    ),
    ...leftovers.map(({ found }) => found),
  ]);
  return [...written].flatMap(ownersOf);
}

type Found = Omit<ObjectOwner, 'object'>;

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
