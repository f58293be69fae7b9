import { ManagedFieldsEntry } from '../types';
import { deepEqual, JsonRecord } from '../values';
import { FieldSet, leavesOf } from './fieldSet';

/** Who writes, and how; ownership is kept per combination of these. @internal */
export interface Writer {
  manager: string;
  operation: 'Apply' | 'Update';
  apiVersion: string;
  subresource?: string;
}

/** @internal */
export function isSameWriter(
  entry: ManagedFieldsEntry,
  writer: Writer,
): boolean {
  return (
    entry.manager === writer.manager &&
    entry.operation === writer.operation &&
    entry.apiVersion === writer.apiVersion &&
    (entry.subresource ?? '') === (writer.subresource ?? '')
  );
}

/** @internal */
export function ownedFields(entry: ManagedFieldsEntry): FieldSet {
  return FieldSet.fromFieldsV1(entry.fieldsV1);
}

function toEntry(
  writer: Writer,
  fields: FieldSet,
  time: string,
): ManagedFieldsEntry {
  return {
    manager: writer.manager,
    operation: writer.operation,
    apiVersion: writer.apiVersion,
    time,
    fieldsType: 'FieldsV1',
    fieldsV1: fields.toFieldsV1(),
    ...(writer.subresource ? { subresource: writer.subresource } : {}),
  };
}

/** Replaces what a writer owns; an entry that did not change keeps its time. @internal */
export function setOwnedFields(
  entries: ManagedFieldsEntry[],
  writer: Writer,
  fields: FieldSet,
  time: string,
): ManagedFieldsEntry[] {
  const existing = entries.find(entry => isSameWriter(entry, writer));
  if (existing && deepEqual(existing.fieldsV1, fields.toFieldsV1())) {
    return entries;
  }
  const others = entries.filter(entry => entry !== existing);
  return fields.isEmpty ? others : [...others, toEntry(writer, fields, time)];
}

/** Takes fields away from everybody but the writer; entries left empty disappear. @internal */
export function takeFromOthers(
  entries: ManagedFieldsEntry[],
  writer: Writer,
  fields: FieldSet,
): ManagedFieldsEntry[] {
  return entries.flatMap(entry => {
    if (isSameWriter(entry, writer)) {
      return [entry];
    }
    const before = ownedFields(entry);
    const after = before.without(fields);
    if (after.isEmpty) {
      return [];
    }
    return [
      after.list().length === before.list().length
        ? entry
        : { ...entry, fieldsV1: after.toFieldsV1() },
    ];
  });
}

/**
 * Ownership after a plain create, update or patch: what changed belongs to the writer, what went belongs to nobody.
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
  const oldLeaves = leavesOf(before ?? {});
  const newLeaves = leavesOf(after);
  const changed = FieldSet.of(
    [...newLeaves]
      .filter(([key, leaf]) => {
        const old = oldLeaves.get(key);
        return !old || !deepEqual(old.value, leaf.value);
      })
      .map(([, leaf]) => leaf.path),
  );
  const removed = FieldSet.of(
    [...oldLeaves]
      .filter(([key]) => !newLeaves.has(key))
      .map(([, leaf]) => leaf.path),
  );
  if (changed.isEmpty && removed.isEmpty) {
    return entries;
  }
  const remaining = takeFromOthers(entries, writer, changed.union(removed));
  const own = remaining.find(entry => isSameWriter(entry, writer));
  const ownFields = (own ? ownedFields(own) : new FieldSet())
    .union(changed)
    .without(removed);
  if (own && !changed.isEmpty) {
    // A value the writer already owned changed: the set is the same, the time is not.
    return [
      ...remaining.filter(entry => entry !== own),
      toEntry(writer, ownFields, time),
    ];
  }
  return setOwnedFields(remaining, writer, ownFields, time);
}
