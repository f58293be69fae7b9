import type { ConfigMap, Secret } from '../../kubernetes';

/** What marks an object as made by us. @internal */
export const OWN_LABELS = {
  'app.kubernetes.io/managed-by': 'backstage-hoop-authentik',
};

/** Whether we made an object, and nobody put anything else than these keys into it. @internal */
export function isOursAlone(
  object: ConfigMap | Secret | undefined,
  keys: string[],
): boolean {
  return (
    object !== undefined &&
    Object.entries(OWN_LABELS).every(
      ([label, value]) => object.metadata.labels?.[label] === value,
    ) &&
    Object.keys(object.data ?? {}).every(key => keys.includes(key))
  );
}
