import { isRecord, JsonRecord } from '../values';
import { isPrimitiveMergeList, strategicMergeKey } from './listKeys';

/** A directive that cannot be honoured; the API answers 500. @internal */
export class StrategicMergeError extends Error {}

const orderPrefix = '$setElementOrder/';
const deleteFromPrefix = '$deleteFromPrimitiveList/';

function withoutDirectives(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value
      .filter(item => !isRecord(item) || item.$patch === undefined)
      .map(withoutDirectives);
  }
  if (!isRecord(value)) {
    return value;
  }
  const result: JsonRecord = {};
  for (const [key, member] of Object.entries(value)) {
    if (!key.startsWith('$') && member !== null) {
      result[key] = withoutDirectives(member);
    }
  }
  return result;
}

/** Items named in the order come in that order; the others keep their place behind the item they followed. */
function reorder(
  list: unknown[],
  order: unknown[],
  identity: (item: unknown) => unknown,
): unknown[] {
  const wanted = order.map(identity);
  const rank = new Map<unknown, number>();
  let last = -1;
  for (const item of list) {
    const position = wanted.indexOf(identity(item));
    last = position === -1 ? last : position;
    rank.set(item, position === -1 ? last + 0.5 : position);
  }
  return [...list].sort(
    (left, right) => (rank.get(left) ?? 0) - (rank.get(right) ?? 0),
  );
}

function mergeKeyedList(
  field: string,
  key: string,
  current: unknown[],
  patch: unknown[],
): unknown[] {
  if (patch.some(item => isRecord(item) && item.$patch === 'replace')) {
    return withoutDirectives(patch) as unknown[];
  }
  const result = [...current];
  const added: unknown[] = [];
  for (const item of patch) {
    if (!isRecord(item) || item[key] === undefined) {
      throw new StrategicMergeError(
        `map: ${JSON.stringify(
          item,
        )} does not contain declared merge key: ${key} (${field})`,
      );
    }
    const index = result.findIndex(
      existing => isRecord(existing) && existing[key] === item[key],
    );
    if (item.$patch === 'delete') {
      if (index !== -1) {
        result.splice(index, 1);
      }
    } else if (index === -1) {
      added.push(withoutDirectives(item));
    } else {
      result[index] = mergeObject(result[index] as JsonRecord, item);
    }
  }
  // Without an order of the client's, what is new comes first.
  return [...added, ...result];
}

function mergeList(
  field: string,
  current: unknown,
  patch: unknown[],
  order: unknown,
): unknown[] {
  const existing = Array.isArray(current) ? current : [];
  const key = strategicMergeKey(field);
  if (key) {
    const merged = mergeKeyedList(field, key, existing, patch);
    return Array.isArray(order)
      ? reorder(merged, order, item => (isRecord(item) ? item[key] : item))
      : merged;
  }
  if (isPrimitiveMergeList(field)) {
    const merged = [...new Set([...existing, ...patch])];
    return Array.isArray(order) ? reorder(merged, order, item => item) : merged;
  }
  return withoutDirectives(patch) as unknown[];
}

function mergeObject(current: JsonRecord, patch: JsonRecord): JsonRecord {
  if (patch.$patch === 'replace') {
    return withoutDirectives(patch) as JsonRecord;
  }
  if (patch.$patch === 'delete') {
    return {};
  }
  if (patch.$patch !== undefined && patch.$patch !== 'merge') {
    throw new StrategicMergeError(
      `Unknown patch type found: ${String(patch.$patch)}`,
    );
  }
  const result: JsonRecord = { ...current };
  if (Array.isArray(patch.$retainKeys)) {
    for (const key of Object.keys(result)) {
      if (!patch.$retainKeys.includes(key)) {
        delete result[key];
      }
    }
  }
  for (const [key, value] of Object.entries(patch)) {
    if (key.startsWith(deleteFromPrefix)) {
      const field = key.slice(deleteFromPrefix.length);
      const list = result[field];
      if (Array.isArray(list) && Array.isArray(value)) {
        result[field] = list.filter(item => !value.includes(item));
      }
    } else if (key.startsWith(orderPrefix)) {
      const field = key.slice(orderPrefix.length);
      if (patch[field] === undefined && Array.isArray(result[field])) {
        result[field] = mergeList(field, result[field], [], value);
      }
    } else if (!key.startsWith('$')) {
      const merged = mergeMember(key, result[key], value, patch);
      if (merged === undefined) {
        delete result[key];
      } else {
        result[key] = merged;
      }
    }
  }
  return result;
}

function mergeMember(
  key: string,
  current: unknown,
  value: unknown,
  patch: JsonRecord,
): unknown {
  if (value === null) {
    return undefined;
  }
  if (Array.isArray(value)) {
    return mergeList(key, current, value, patch[`${orderPrefix}${key}`]);
  }
  if (!isRecord(value)) {
    return value;
  }
  if (value.$patch === 'delete') {
    return undefined;
  }
  return mergeObject(isRecord(current) ? current : {}, value);
}

/** A strategic merge patch of a built-in type; the target is left untouched. @internal */
export function applyStrategicMergePatch(
  target: JsonRecord,
  patch: JsonRecord,
): JsonRecord {
  return mergeObject(target, patch);
}
