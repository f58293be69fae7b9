import type {
  ConfigMap,
  KubernetesObject,
  Secret,
} from '../../../systems/kubernetes';

/** What marks an object as made by us. @internal */
export const OWN_LABELS = {
  'app.kubernetes.io/managed-by': 'backstage-hoop-authentik',
};

/** Names the Deployment that an object was made for: its name may be too long for a label. */
const MADE_FOR = 'backstage-hoop-authentik/deployment';

/** The marks of an object that is made for a Deployment. @internal */
export function ownMarks(deployment: string) {
  return { labels: OWN_LABELS, annotations: { [MADE_FOR]: deployment } };
}

/** Whether we made an object, and not for another gateway. @internal */
export function isMadeFor(
  object: KubernetesObject | undefined,
  deployment: string,
): boolean {
  const madeFor = object?.metadata.annotations?.[MADE_FOR];
  return isOurs(object) && (madeFor === undefined || madeFor === deployment);
}

/** Whether we made an object, and nobody put anything else than these keys into it. @internal */
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
