import { StatusCause } from '../status';
import { ManagedFieldsEntry } from '../types';
import { deepEqual, JsonRecord } from '../values';
import {
  describePath,
  FieldSet,
  fieldsOf,
  leavesOf,
  mergeApplied,
  removePath,
} from './fieldSet';
import {
  isSameWriter,
  ownedFields,
  setOwnedFields,
  takeFromOthers,
  Writer,
} from './managedFields';

/** @internal */
export interface ApplyInput {
  /** The stored object without its managedFields, or undefined when it is being created. */
  live: JsonRecord | undefined;
  entries: ManagedFieldsEntry[];
  applied: JsonRecord;
  writer: Writer;
  force: boolean;
  time: string;
}

/** @internal */
export type ApplyResult =
  | { ok: true; object: JsonRecord; entries: ManagedFieldsEntry[] }
  | { ok: false; conflicts: StatusCause[] };

function describeManager(entry: ManagedFieldsEntry): string {
  const subresource = entry.subresource
    ? ` with subresource "${entry.subresource}"`
    : '';
  return entry.operation === 'Update'
    ? `conflict with "${entry.manager}"${subresource} using ${entry.apiVersion} at ${entry.time}`
    : `conflict with "${entry.manager}"${subresource}`;
}

function findConflicts(input: ApplyInput): {
  causes: StatusCause[];
  fields: FieldSet;
} {
  const liveLeaves = leavesOf(input.live ?? {});
  const causes: StatusCause[] = [];
  const fields: string[][] = [];
  for (const [key, leaf] of leavesOf(input.applied)) {
    if (deepEqual(liveLeaves.get(key)?.value, leaf.value)) {
      continue;
    }
    for (const entry of input.entries) {
      if (
        !isSameWriter(entry, input.writer) &&
        ownedFields(entry).has(leaf.path)
      ) {
        fields.push(leaf.path);
        causes.push({
          reason: 'FieldManagerConflict',
          message: describeManager(entry),
          field: describePath(leaf.path),
        });
      }
    }
  }
  return { causes, fields: FieldSet.of(fields) };
}

/** Fields the writer applied before and left out now go, unless somebody else owns them too. */
function removeDropped(
  object: JsonRecord,
  dropped: FieldSet,
  others: ManagedFieldsEntry[],
): JsonRecord {
  const ownedByOthers = others.map(ownedFields);
  return dropped
    .list()
    .sort((left, right) => right.length - left.length)
    .filter(path => !ownedByOthers.some(fields => fields.covers(path)))
    .reduce((current, path) => removePath(current, path), object);
}

/**
 * Server-side apply as a pure function of the stored object, its ownership and the applied configuration.
 * @internal
 */
export function serverSideApply(input: ApplyInput): ApplyResult {
  const conflicts = findConflicts(input);
  if (conflicts.causes.length > 0 && !input.force) {
    return { ok: false, conflicts: conflicts.causes };
  }
  const entries = takeFromOthers(input.entries, input.writer, conflicts.fields);
  const own = entries.find(entry => isSameWriter(entry, input.writer));
  const fields = fieldsOf(input.applied);
  const dropped = (own ? ownedFields(own) : new FieldSet()).without(fields);
  const merged = mergeApplied(input.live ?? {}, input.applied) as JsonRecord;
  const object = removeDropped(
    merged,
    dropped,
    entries.filter(entry => entry !== own),
  );
  const valuesChanged = !deepEqual(object, input.live);
  const others = entries.filter(entry => entry !== own);
  return {
    ok: true,
    object,
    entries:
      own && valuesChanged
        ? setOwnedFields(others, input.writer, fields, input.time)
        : setOwnedFields(entries, input.writer, fields, input.time),
  };
}
