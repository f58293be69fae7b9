import { clone, deepEqual, isRecord } from '../values';

/** A patch that does not fit the object; the API answers 422. @internal */
export class JsonPatchError extends Error {}

/** A patch that is no JSON patch at all; the API answers 400. @internal */
export class JsonPatchSyntaxError extends Error {}

type Container = { [key: string]: unknown } | unknown[];

function parsePointer(pointer: unknown): string[] {
  if (typeof pointer !== 'string') {
    throw new JsonPatchSyntaxError('operation misses a path');
  }
  if (pointer === '') {
    return [];
  }
  if (!pointer.startsWith('/')) {
    throw new JsonPatchError(`invalid path "${pointer}"`);
  }
  return pointer
    .slice(1)
    .split('/')
    .map(part => part.replace(/~1/g, '/').replace(/~0/g, '~'));
}

function listIndex(list: unknown[], token: string, forInsert: boolean): number {
  if (forInsert && token === '-') {
    return list.length;
  }
  const limit = forInsert ? list.length : list.length - 1;
  const index = Number(token);
  if (!/^(0|[1-9]\d*)$/.test(token) || index > limit) {
    throw new JsonPatchError(`index "${token}" is out of bounds`);
  }
  return index;
}

function child(container: unknown, token: string, pointer: string): unknown {
  if (Array.isArray(container)) {
    return container[listIndex(container, token, false)];
  }
  if (isRecord(container) && Object.hasOwn(container, token)) {
    return container[token];
  }
  throw new JsonPatchError(`path "${pointer}" does not exist`);
}

function locate(
  document: unknown,
  pointer: string,
): { parent: Container; token: string } {
  const tokens = parsePointer(pointer);
  const token = tokens.pop();
  if (token === undefined) {
    throw new JsonPatchError('the whole document cannot be the target');
  }
  const parent = tokens.reduce(
    (current: unknown, part) => child(current, part, pointer),
    document,
  );
  if (!Array.isArray(parent) && !isRecord(parent)) {
    throw new JsonPatchError(`path "${pointer}" does not exist`);
  }
  return { parent, token };
}

function read(document: unknown, pointer: string): unknown {
  return parsePointer(pointer).reduce(
    (current: unknown, part) => child(current, part, pointer),
    document,
  );
}

function add(document: unknown, pointer: string, value: unknown): void {
  const { parent, token } = locate(document, pointer);
  if (Array.isArray(parent)) {
    parent.splice(listIndex(parent, token, true), 0, value);
  } else {
    parent[token] = value;
  }
}

function remove(document: unknown, pointer: string): void {
  const { parent, token } = locate(document, pointer);
  child(parent, token, pointer);
  if (Array.isArray(parent)) {
    parent.splice(listIndex(parent, token, false), 1);
  } else {
    delete parent[token];
  }
}

function replace(document: unknown, pointer: string, value: unknown): void {
  const { parent, token } = locate(document, pointer);
  child(parent, token, pointer);
  if (Array.isArray(parent)) {
    parent[listIndex(parent, token, false)] = value;
  } else {
    parent[token] = value;
  }
}

function requireValue(operation: { [key: string]: unknown }): unknown {
  if (!Object.hasOwn(operation, 'value')) {
    throw new JsonPatchSyntaxError(
      `operation "${operation.op}" misses a value`,
    );
  }
  return clone(operation.value);
}

/** RFC 6902, in order; the target is left untouched. @internal */
export function applyJsonPatch(target: unknown, patch: unknown): unknown {
  if (!Array.isArray(patch) || !patch.every(isRecord)) {
    throw new JsonPatchSyntaxError('a JSON patch is a list of operations');
  }
  const document = clone(target);
  for (const operation of patch) {
    const path = String(operation.path ?? '');
    parsePointer(operation.path);
    const from = String(operation.from ?? '');
    switch (operation.op) {
      case 'add':
        add(document, path, requireValue(operation));
        break;
      case 'remove':
        remove(document, path);
        break;
      case 'replace':
        replace(document, path, requireValue(operation));
        break;
      case 'move': {
        const moved = read(document, from);
        remove(document, from);
        add(document, path, moved);
        break;
      }
      case 'copy':
        add(document, path, clone(read(document, from)));
        break;
      case 'test':
        if (!deepEqual(read(document, path), requireValue(operation))) {
          throw new JsonPatchError(`testing path "${path}" failed`);
        }
        break;
      default:
        throw new JsonPatchSyntaxError(
          `unknown operation "${String(operation.op)}"`,
        );
    }
  }
  return document;
}
