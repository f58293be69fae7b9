import type {
  ConfigMap,
  KubernetesObject,
  Secret,
} from '../../../systems/kubernetes';

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
