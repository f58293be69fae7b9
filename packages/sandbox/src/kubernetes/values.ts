/**
 * Helpers on plain JSON values, shared by the patch and storage code.
 */

/** A JSON object of unknown shape. @internal */
export type JsonRecord = { [key: string]: unknown };

/** @internal */
export function isRecord(value: unknown): value is JsonRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** @internal */
export function deepEqual(left: unknown, right: unknown): boolean {
  if (left === right) {
    return true;
  }
  if (Array.isArray(left) && Array.isArray(right)) {
    return (
      left.length === right.length &&
      left.every((item, index) => deepEqual(item, right[index]))
    );
  }
  if (isRecord(left) && isRecord(right)) {
    const leftKeys = Object.keys(left).filter(key => left[key] !== undefined);
    const rightKeys = Object.keys(right).filter(
      key => right[key] !== undefined,
    );
    return (
      leftKeys.length === rightKeys.length &&
      leftKeys.every(key => key in right && deepEqual(left[key], right[key]))
    );
  }
  return false;
}

/** Of plain data, as JSON has it: many times as fast as `structuredClone`. @internal */
export function clone<T>(value: T): T {
  if (Array.isArray(value)) {
    return value.map(clone) as T;
  }
  return isRecord(value)
    ? (Object.fromEntries(
        Object.entries(value).map(([key, item]) => [key, clone(item)]),
      ) as T)
    : value;
}

/** Key order must not change a hash, so keys are sorted at every level. @internal */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) {
    return `[${value.map(canonicalJson).join(',')}]`;
  }
  if (isRecord(value)) {
    return `{${Object.keys(value)
      .filter(key => value[key] !== undefined)
      .sort()
      .map(key => `${JSON.stringify(key)}:${canonicalJson(value[key])}`)
      .join(',')}}`;
  }
  return JSON.stringify(value ?? null);
}

/** The nested record under `key`, or an empty one. @internal */
export function recordAt(value: unknown, ...path: string[]): JsonRecord {
  let current: unknown = value;
  for (const key of path) {
    current = isRecord(current) ? current[key] : undefined;
  }
  return isRecord(current) ? current : {};
}

/** @internal */
export function omitKeys(value: JsonRecord, keys: string[]): JsonRecord {
  return Object.fromEntries(
    Object.entries(value).filter(([key]) => !keys.includes(key)),
  );
}
