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

/** How managedFields names an item of such a list. */
const managedKeys: Record<string, string[]> = {
  ...Object.fromEntries(
    Object.entries(strategicMergeKeys).map(([field, key]) => [field, [key]]),
  ),
  ports: ['containerPort', 'protocol'],
};

/** Members missing from a list item count as their default value. */
const managedKeyDefaults: Record<string, Record<string, unknown>> = {
  ports: { protocol: 'TCP' },
};

/** @internal */
export function strategicMergeKey(field: string): string | undefined {
  return strategicMergeKeys[field];
}

/** Lists of plain values that merge as a set under a strategic merge patch. @internal */
export function isPrimitiveMergeList(field: string): boolean {
  return field === 'finalizers';
}

/** @internal */
export function managedListKeys(field: string): string[] | undefined {
  return managedKeys[field];
}

/** @internal */
export function managedListKeyDefault(field: string, key: string): unknown {
  return managedKeyDefaults[field]?.[key];
}
