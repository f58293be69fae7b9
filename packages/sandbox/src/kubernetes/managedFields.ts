import { managedListKeys, managedListKeyDefault } from './patch/listKeys';
import { ManagedFieldsEntry } from './types';
import { canonicalJson, deepEqual, isRecord, JsonRecord } from './values';

/** Who writes; ownership is kept per combination of these. @internal */
export type Writer = Pick<
  ManagedFieldsEntry,
  'manager' | 'apiVersion' | 'subresource'
>;

/** A path in the notation of managedFields: `f:<field>`, `k:<json of list keys>`, `v:<json value>`. */
type FieldPath = string[];
type Field = { path: FieldPath; value: unknown };
/** The fields of an object, by their path in one string. */
type Fields = Map<string, Field>;

/** Stands for the value of an object or a list whose members are fields of their own. */
const composite = Symbol('composite');

function pathKey(path: FieldPath): string {
  return path.join('\u0000');
}

/** Objects that are owned as one value. */
const atomicObjects = new Set([
  'selector',
  'nodeSelector',
  'configMapKeyRef',
  'secretKeyRef',
  'fieldRef',
  'resourceFieldRef',
  // Each of them.
  'ownerReferences',
]);

/** What every object of its kind has from the beginning, so that no manager is recorded for it. */
const givenParts = new Set(
  [
    ['metadata'],
    ['spec'],
    ['status'],
    ['spec', 'strategy'],
    ['spec', 'template'],
    ['spec', 'template', 'metadata'],
    ['spec', 'template', 'spec'],
    ['spec', 'template', 'spec', 'containers'],
    ['spec', 'containers'],
  ].map(names => pathKey(names.map(name => `f:${name}`))),
);

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

function isSystemPath([first, second]: FieldPath): boolean {
  return (
    first === undefined ||
    first === 'f:apiVersion' ||
    first === 'f:kind' ||
    (first === 'f:metadata' &&
      (second === undefined || systemMetadata.has(second.slice(2))))
  );
}

/** The element that names a list item, or undefined where the list is owned as one value. */
function itemElement(field: string, item: unknown): string | undefined {
  if (field === 'finalizers') {
    return `v:${JSON.stringify(item)}`;
  }
  const keys = managedListKeys(field);
  if (!keys || !isRecord(item)) {
    return undefined;
  }
  return `k:${canonicalJson(
    Object.fromEntries(
      keys.map(key => [key, item[key] ?? managedListKeyDefault(field, key)]),
    ),
  )}`;
}

function collectFields(
  field: string,
  value: unknown,
  path: FieldPath,
  fields: Field[],
): void {
  const elements = Array.isArray(value)
    ? value.map(item => itemElement(field, item))
    : [];
  if (
    Array.isArray(value) &&
    value.length > 0 &&
    !elements.includes(undefined)
  ) {
    fields.push({ path, value: composite });
    value.forEach((item, index) => {
      const element = elements[index] ?? '';
      const at = [...path, element];
      if (elements.filter(other => other === element).length > 1) {
        // Items of one name cannot be told apart and are owned together.
        fields.push({ path: at, value: item });
      } else {
        collectFields(field, item, at, fields);
      }
    });
  } else if (
    isRecord(value) &&
    !atomicObjects.has(field) &&
    Object.keys(value).length > 0
  ) {
    fields.push({ path, value: composite });
    for (const [key, member] of Object.entries(value)) {
      if (member !== undefined) {
        collectFields(key, member, [...path, `f:${key}`], fields);
      }
    }
  } else {
    fields.push({ path, value });
  }
}

function fieldsOf(object: JsonRecord): Fields {
  const fields: Field[] = [];
  collectFields('', object, [], fields);
  return new Map(
    fields
      .map(field => [pathKey(field.path), field] as const)
      .filter(
        ([key, { path, value }]) =>
          !isSystemPath(path) && !(value === composite && givenParts.has(key)),
      ),
  );
}

function toFieldsV1(paths: FieldPath[]): JsonRecord {
  const root: JsonRecord = {};
  for (const path of paths) {
    let node = root;
    for (const element of path) {
      node[element] ??= {};
      node = node[element] as JsonRecord;
    }
    node['.'] = {};
  }
  return dropLeafMarkers(root);
}

/** A leaf is written `{}`; the `.` marker is only needed where something is owned below as well. */
function dropLeafMarkers(node: JsonRecord): JsonRecord {
  const children = Object.entries(node);
  return children.every(([key]) => key === '.')
    ? {}
    : Object.fromEntries(
        children
          .sort(([left], [right]) => (left < right ? -1 : 1))
          .map(([key, value]) => [
            key,
            key === '.' ? {} : dropLeafMarkers(value as JsonRecord),
          ]),
      );
}

function pathsIn(fieldsV1: JsonRecord): FieldPath[] {
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
  walk(fieldsV1, []);
  return paths;
}

function isBy(entry: ManagedFieldsEntry, writer: Writer): boolean {
  return (
    entry.manager === writer.manager &&
    entry.apiVersion === writer.apiVersion &&
    (entry.subresource ?? '') === (writer.subresource ?? '')
  );
}

/** An entry without the paths, or none where nothing is left; it keeps its time. */
function withoutPaths(
  entry: ManagedFieldsEntry,
  taken: Set<string>,
): ManagedFieldsEntry[] {
  const before = pathsIn(entry.fieldsV1);
  const after = before.filter(path => !taken.has(pathKey(path)));
  if (after.length === before.length) {
    return [entry];
  }
  return after.length === 0 ? [] : [{ ...entry, fieldsV1: toFieldsV1(after) }];
}

/**
 * Ownership after a write: what was set belongs to the writer from now on, what went has no owner and leaves no trace.
 * @internal
 */
export function recordUpdate(options: {
  before: JsonRecord | undefined;
  after: JsonRecord;
  entries: ManagedFieldsEntry[];
  writer: Writer;
  time: string;
}): ManagedFieldsEntry[] {
  const { before, after, entries, writer, time } = options;
  const old = fieldsOf(before ?? {});
  const now = fieldsOf(after);
  const set = [...now].filter(([key, field]) => {
    const known = old.get(key);
    return !known || !deepEqual(known.value, field.value);
  });
  const gone = new Set([...old.keys()].filter(key => !now.has(key)));
  const taken = new Set([...gone, ...set.map(([key]) => key)]);
  if (taken.size === 0) {
    return entries;
  }
  const remaining = entries.flatMap(entry =>
    withoutPaths(entry, isBy(entry, writer) ? gone : taken),
  );
  if (set.length === 0) {
    return remaining;
  }
  const own = remaining.find(entry => isBy(entry, writer));
  const { subresource, ...by } = writer;
  return [
    ...remaining.filter(entry => entry !== own),
    {
      ...by,
      operation: 'Update' as const,
      time,
      fieldsType: 'FieldsV1' as const,
      fieldsV1: toFieldsV1([
        ...pathsIn(own?.fieldsV1 ?? {}),
        ...set.map(([, { path }]) => path),
      ]),
      ...(subresource ? { subresource } : {}),
    },
  ].sort(byTimeAndName);
}

function byTimeAndName(left: ManagedFieldsEntry, right: ManagedFieldsEntry) {
  const key = (entry: ManagedFieldsEntry) =>
    [entry.time, entry.manager, entry.subresource ?? ''].join('\u0000');
  return key(left) < key(right) ? -1 : 1;
}
