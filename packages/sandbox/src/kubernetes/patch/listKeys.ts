/**
 * How lists of the built-in types merge. A list that is named nowhere here is replaced whole (`envFrom`, `args`,
 * `command`, `tolerations`, …). Field names are unambiguous among the kinds this stand-in serves.
 */

const strategicMergeKeys: Record<string, string> = {
  containers: 'name',
  initContainers: 'name',
  ephemeralContainers: 'name',
  env: 'name',
  volumes: 'name',
  imagePullSecrets: 'name',
  ports: 'containerPort',
  volumeMounts: 'mountPath',
  volumeDevices: 'devicePath',
  conditions: 'type',
  ownerReferences: 'uid',
  hostAliases: 'ip',
};

const applyKeys: Record<string, string[]> = {
  ...Object.fromEntries(
    Object.entries(strategicMergeKeys).map(([field, key]) => [field, [key]]),
  ),
  ports: ['containerPort', 'protocol'],
};

/** Members missing from an applied list item count as their default value. */
const applyKeyDefaults: Record<string, Record<string, unknown>> = {
  ports: { protocol: 'TCP' },
};

/** Objects that server-side apply owns as one value. */
const atomicObjects = new Set([
  'selector',
  'nodeSelector',
  'configMapKeyRef',
  'secretKeyRef',
  'fieldRef',
  'resourceFieldRef',
]);

/** @internal */
export function strategicMergeKey(field: string): string | undefined {
  return strategicMergeKeys[field];
}

/** Lists of plain values that merge as a set under a strategic merge patch. @internal */
export function isPrimitiveMergeList(field: string): boolean {
  return field === 'finalizers';
}

/** @internal */
export function applyListKeys(field: string): string[] | undefined {
  return applyKeys[field];
}

/** @internal */
export function applyKeyDefault(field: string, key: string): unknown {
  return applyKeyDefaults[field]?.[key];
}

/** @internal */
export function isAtomicObject(field: string): boolean {
  return atomicObjects.has(field);
}
