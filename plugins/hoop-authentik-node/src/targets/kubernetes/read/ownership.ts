import type {
  ConfigMap,
  KubernetesObject,
  Secret,
} from '../../../systems/kubernetes';
import type { ObjectOwner } from '../../types';

/** Labels of the objects that we create. */
const OWN_LABELS = {
  'app.kubernetes.io/managed-by': 'backstage-hoop-authentik',
};

/** Names the Deployment that an object was created for: the name may be too long for a label. */
const MADE_FOR = 'backstage-hoop-authentik/deployment';

/** Labels and annotations of an object created for a Deployment. @internal */
export function ownMarks(deployment: string) {
  return { labels: OWN_LABELS, annotations: { [MADE_FOR]: deployment } };
}

/** Whether we created an object, and not for another gateway. @internal */
export function isMadeFor(
  object: KubernetesObject | undefined,
  deployment: string,
): boolean {
  const madeFor = object?.metadata.annotations?.[MADE_FOR];
  return isOurs(object) && (madeFor === undefined || madeFor === deployment);
}

/** Whether we created an object and it holds no other keys than these. @internal */
export function isOursAlone(
  object: ConfigMap | Secret | undefined,
  keys: string[],
): boolean {
  return (
    isOurs(object) &&
    Object.keys(object?.data ?? {}).every(key => keys.includes(key))
  );
}

function isOurs(object: KubernetesObject | undefined): boolean {
  return Object.entries(OWN_LABELS).every(
    ([label, value]) => object?.metadata.labels?.[label] === value,
  );
}

type Found = ConfigMap | Secret | undefined;

/**
 * The next name in the series of objects that replace each other.
 *
 * @internal
 */
export function nextName(name: string): string {
  const { base, number } = partsOf(name);
  return `${base}-${number + 1}`;
}

/**
 * The object that is written in place of one that has to stay as it is: the first that does not exist yet or that we
 * created for this gateway, so that a run after an interruption finds its object, and no foreign object is written; pure.
 *
 * @param first - tried before the names that continue the series
 * @internal
 */
export function replacementFor(
  current: string,
  deployment: string,
  find: (name: string) => Found,
  first = nextName(current),
): { name: string; found: Found } {
  let name = first;
  let found = find(name);
  for (let last = current; found && !canReplace(found, deployment); ) {
    last = nextName(last);
    name = last;
    found = find(name);
  }
  return { name, found };
}

/** Whether an object can be written in place of another. @internal */
export function canReplace(found: Found, deployment: string): boolean {
  return (
    isMadeFor(found, deployment) &&
    !found?.immutable &&
    !found?.metadata.deletionTimestamp
  );
}

/**
 * Of some names, the first in the series that has replaced an immutable object; pure.
 *
 * @internal
 */
export function replacedBy(
  immutable: string,
  names: string[],
  deployment: string,
  find: (name: string) => Found,
): string | undefined {
  const { base, number } = partsOf(immutable);
  return names
    .map(name => ({ name, ...partsOf(name) }))
    .filter(
      one =>
        one.base === base &&
        one.number > number &&
        isMadeFor(find(one.name), deployment),
    )
    .sort((a, b) => a.number - b.number)[0]?.name;
}

function partsOf(name: string): { base: string; number: number } {
  const [, base, number] = /^(.*?)(?:-(\d+))?$/.exec(name)!;
  return { base, number: Number(number ?? 1) };
}

const ARGO = 'argocd.argoproj.io/';
const VALUES_FILE =
  'change its values file in Git with the action hoop:helmValues:patch';

/**
 * Which tools would undo or fight a live edit of an object, by the marks that they leave, with what to do instead; pure.
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

type Owner = Omit<ObjectOwner, 'object'>;

function helmOwner({ metadata }: KubernetesObject): Owner | undefined {
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

function argoOwner(object: KubernetesObject): Owner | undefined {
  const { labels = {}, annotations = {} } = object.metadata;
  const detail =
    annotations[`${ARGO}tracking-id`] ??
    labels[`${ARGO}instance`] ??
    // The label is common: it means Argo CD only beside another mark of Argo CD.
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

function fluxOwner({ metadata }: KubernetesObject): Owner | undefined {
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

/** An operator reverts an object to match the one that owns it. */
function controllersOf({ metadata }: KubernetesObject): Owner[] {
  return (metadata.ownerReferences ?? []).map(({ kind, name }) => ({
    tool: `the controller of ${kind}`,
    detail: `${kind} "${name}"`,
    advice: `change the ${kind} "${name}" that it is generated from`,
  }));
}
