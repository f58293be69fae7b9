import {
  applyKeyDefault,
  applyListKeys,
  isAtomicObject,
} from '../patch/listKeys';
import { canonicalJson, clone, isRecord, JsonRecord } from '../values';

/**
 * A path inside an object in the notation of managedFields: `f:<field>`, `k:<json of list keys>`, `v:<json value>`.
 * @internal
 */
export type FieldPath = string[];

/** An item of a list that merges by key lacks that key. @internal */
export class MissingListKeyError extends Error {}

const itemMarker = Symbol('list item');

function pathKey(path: FieldPath): string {
  return path.join('\u0000');
}

/** A set of owned paths. @internal */
export class FieldSet {
  private readonly paths = new Map<string, FieldPath>();

  static of(paths: Iterable<FieldPath>): FieldSet {
    const set = new FieldSet();
    for (const path of paths) {
      set.paths.set(pathKey(path), path);
    }
    return set;
  }

  get isEmpty(): boolean {
    return this.paths.size === 0;
  }

  has(path: FieldPath): boolean {
    return this.paths.has(pathKey(path));
  }

  /** Whether the path itself or anything below it is in the set. */
  covers(path: FieldPath): boolean {
    const prefix = `${pathKey(path)}\u0000`;
    return (
      this.has(path) ||
      [...this.paths.keys()].some(key => key.startsWith(prefix))
    );
  }

  list(): FieldPath[] {
    return [...this.paths.values()];
  }

  union(other: FieldSet): FieldSet {
    return FieldSet.of([...this.list(), ...other.list()]);
  }

  without(other: FieldSet): FieldSet {
    return FieldSet.of(this.list().filter(path => !other.has(path)));
  }

  toFieldsV1(): JsonRecord {
    const root: JsonRecord = {};
    for (const path of this.list()) {
      let node = root;
      for (const element of path) {
        node[element] ??= {};
        node = node[element] as JsonRecord;
      }
      node['.'] = {};
    }
    return dropLeafMarkers(root);
  }

  static fromFieldsV1(fields: JsonRecord): FieldSet {
    const paths: FieldPath[] = [];
    const walk = (node: JsonRecord, path: FieldPath) => {
      const children = Object.entries(node).filter(([key]) => key !== '.');
      if (path.length > 0 && (children.length === 0 || '.' in node)) {
        paths.push(path);
      }
      for (const [element, value] of children) {
        walk(isRecord(value) ? value : {}, [...path, element]);
      }
    };
    walk(fields, []);
    return FieldSet.of(paths);
  }
}

/** A leaf is written `{}`; the `.` marker is only needed where something is owned below as well. */
function dropLeafMarkers(node: JsonRecord): JsonRecord {
  const children = Object.keys(node).filter(key => key !== '.');
  if (children.length === 0) {
    return {};
  }
  return Object.fromEntries(
    Object.entries(node).map(([key, value]) => [
      key,
      key === '.' ? {} : dropLeafMarkers(value as JsonRecord),
    ]),
  );
}

/** The element that identifies a list item, or undefined where the list is owned as one value. */
function itemElement(field: string, item: unknown): string | undefined {
  if (field === 'finalizers') {
    return `v:${JSON.stringify(item)}`;
  }
  const keys = applyListKeys(field);
  if (!keys || !isRecord(item)) {
    return undefined;
  }
  const identity: JsonRecord = {};
  for (const key of keys) {
    const value = item[key] ?? applyKeyDefault(field, key);
    if (value === undefined) {
      throw new MissingListKeyError(
        `associative list with keys has an element that omits key field "${key}" (${field})`,
      );
    }
    identity[key] = value;
  }
  return `k:${canonicalJson(identity)}`;
}

function isMergedList(field: string): boolean {
  return field === 'finalizers' || applyListKeys(field) !== undefined;
}

const systemMetadata = new Set([
  'name',
  'namespace',
  'generateName',
  'uid',
  'resourceVersion',
  'generation',
  'creationTimestamp',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
  'selfLink',
  'managedFields',
]);

function isSystemPath(path: FieldPath): boolean {
  const [first, second] = path;
  return (
    first === 'f:apiVersion' ||
    first === 'f:kind' ||
    (first === 'f:metadata' &&
      (second === undefined || systemMetadata.has(second.slice(2))))
  );
}

type Leaf = { path: FieldPath; value: unknown };

function collectLeaves(
  field: string,
  value: unknown,
  path: FieldPath,
  leaves: Leaf[],
): void {
  if (Array.isArray(value) && isMergedList(field)) {
    for (const item of value) {
      const element = itemElement(field, item) ?? `v:${JSON.stringify(item)}`;
      leaves.push({ path: [...path, element], value: itemMarker });
      if (isRecord(item) && Object.keys(item).length > 0) {
        collectLeaves('', item, [...path, element], leaves);
      }
    }
  } else if (
    isRecord(value) &&
    !isAtomicObject(field) &&
    (path.length === 0 || Object.keys(value).length > 0)
  ) {
    for (const [key, member] of Object.entries(value)) {
      if (member !== undefined) {
        collectLeaves(key, member, [...path, `f:${key}`], leaves);
      }
    }
  } else {
    leaves.push({ path, value });
  }
}

/** Every ownable path of an object with the value found there. @internal */
export function leavesOf(object: JsonRecord): Map<string, Leaf> {
  const leaves: Leaf[] = [];
  collectLeaves('', object, [], leaves);
  return new Map(
    leaves
      .filter(leaf => !isSystemPath(leaf.path))
      .map(leaf => [pathKey(leaf.path), leaf]),
  );
}

/** @internal */
export function fieldsOf(object: JsonRecord): FieldSet {
  return FieldSet.of([...leavesOf(object).values()].map(leaf => leaf.path));
}

/**
 * A copy without the given path; parents left empty go as well, as they would in the typed objects of the server.
 * @internal
 */
export function removePath(object: JsonRecord, path: FieldPath): JsonRecord {
  const result = clone(object);
  removeFrom(result, path, '');
  return result;
}

/** Returns true when the container is empty afterwards. */
function removeFrom(
  container: unknown,
  path: FieldPath,
  field: string,
): boolean {
  const [element, ...rest] = path;
  if (Array.isArray(container)) {
    const index = container.findIndex(
      item =>
        (itemElement(field, item) ?? `v:${JSON.stringify(item)}`) === element,
    );
    if (index === -1) {
      return false;
    }
    if (rest.length === 0) {
      container.splice(index, 1);
    } else {
      removeFrom(container[index], rest, field);
    }
    return container.length === 0;
  }
  if (!isRecord(container)) {
    return false;
  }
  const key = element.slice(2);
  if (rest.length === 0) {
    delete container[key];
  } else if (
    key in container &&
    removeFrom(container[key], rest, key) &&
    path.length > 1
  ) {
    delete container[key];
  }
  return Object.keys(container).length === 0;
}

/** Objects and keyed lists merge, everything else is taken from the applied side. @internal */
export function mergeApplied(
  live: unknown,
  applied: unknown,
  field = '',
): unknown {
  if (Array.isArray(applied) && isMergedList(field)) {
    const result: unknown[] = Array.isArray(live) ? [...live] : [];
    for (const item of applied) {
      const element = itemElement(field, item);
      const index = result.findIndex(
        existing => itemElement(field, existing) === element,
      );
      if (index === -1) {
        result.push(item);
      } else {
        result[index] = mergeApplied(result[index], item);
      }
    }
    return result;
  }
  if (isRecord(applied) && !isAtomicObject(field)) {
    const result: JsonRecord = isRecord(live) ? { ...live } : {};
    for (const [key, value] of Object.entries(applied)) {
      if (value !== undefined) {
        result[key] = mergeApplied(result[key], value, key);
      }
    }
    return result;
  }
  return applied;
}

/** The path in the notation of conflict messages: `.data.KEY`, `.spec.containers[name="x"].image`. @internal */
export function describePath(path: FieldPath): string {
  return path
    .map(element => {
      const content = element.slice(2);
      if (element.startsWith('f:')) {
        return `.${content}`;
      }
      if (element.startsWith('v:')) {
        return `[=${content}]`;
      }
      const keys = Object.entries(JSON.parse(content) as JsonRecord).map(
        ([key, value]) => `${key}=${JSON.stringify(value)}`,
      );
      return `[${keys.join(',')}]`;
    })
    .join('');
}
