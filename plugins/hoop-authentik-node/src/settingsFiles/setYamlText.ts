import { InputError } from '@backstage/errors';
import { CST, Scalar } from 'yaml';
import type { YamlDocument } from './parseYaml';
import {
  addToBlockMap,
  addToFlowMap,
  setBlockMap,
  setFlowMap,
  setValue,
} from './yamlEdits';
import { formatPath, valueAt, type YamlPath } from './yamlPath';
import {
  anchorIn,
  blockMap,
  habitOf,
  hasColon,
  isEntry,
  isNothing,
  keyOf,
  styleOf,
  type Item,
  type MapToken,
} from './yamlTokens';

/** For files without a nested map that shows it. */
const USUAL_STEP = 2;

/** What is edited, for the messages. */
interface Edit {
  file: string;
  document: YamlDocument;
  path: YamlPath;
  value: string;
  lineBreak: string;
}

/** A value with the tokens before it, which may carry an anchor. */
interface Place {
  token: CST.Token | null | undefined;
  props: CST.SourceToken[];
}

/**
 * Sets one text in a document by changing the tokens it was parsed into, so that further texts can be set in them. No other
 * token is printed anew, so every other byte stays.
 *
 * @throws InputError for a document that cannot be edited without changing something else
 * @internal
 */
export function setYamlText(edit: Edit): void {
  const { document, path } = edit;
  const root = document.token!;
  let place: Place = { token: root.value, props: root.start };
  for (let depth = 0; depth < path.length; depth++) {
    refuseShared(edit, depth, place.props);
    const { token } = place;
    const step = path[depth];
    if (typeof step === 'number') {
      place = entryAt(token, step) ?? notEditable(edit, depth + 1, token);
      continue;
    }
    if (!isMapToken(token)) {
      throw notEditable(edit, depth, token);
    }
    const item = token.items.find(one => keyOf(one) === step);
    const rest = path.slice(depth + 1);
    if (!item) {
      refuseMerged(edit, depth);
      addEntry(token, keysOf(edit, depth), edit);
      return;
    }
    if (rest.length === 0) {
      replaceValue(token, item, edit);
      return;
    }
    if (isNothing(item)) {
      refuseShared(edit, depth + 1, item.sep);
      fillEmpty(
        token,
        checked(token, item, edit),
        keysOf(edit, depth + 1),
        edit,
      );
      return;
    }
    place = { token: item.value, props: item.sep ?? [] };
  }
  throw notEditable(edit, path.length, place.token);
}

/** The map that sets texts in a file without data. @internal */
export function newMap(
  [first, ...more]: Array<{ path: string[]; value: string }>,
  lineBreak: string,
): CST.BlockMap {
  const layout = { indent: 0, step: USUAL_STEP, lineBreak };
  const map = blockMap(first.path, first.value, layout, Scalar.PLAIN, []);
  const document: YamlDocument = {
    token: { type: 'document', offset: 0, start: [], value: map },
    data: null,
    referredAnchors: new Set(),
    kind: undefined,
    name: undefined,
  };
  for (const { path, value } of more) {
    setYamlText({ file: '', document, path, value, lineBreak });
  }
  return map;
}

function isMapToken(token: Place['token']): token is MapToken {
  return (
    token?.type === 'block-map' ||
    (token?.type === 'flow-collection' && token.start.source === '{')
  );
}

function entryAt(token: Place['token'], index: number): Place | undefined {
  const items: Item[] =
    token?.type === 'block-seq' || token?.type === 'flow-collection'
      ? token.items.filter(isEntry)
      : [];
  const item = items[index];
  return item && { token: item.value, props: item.start };
}

/** The keys of a path that are not there yet. */
function keysOf(edit: Edit, depth: number): string[] {
  return edit.path.slice(depth).map(key => {
    if (typeof key === 'number') {
      throw notEditable(edit, depth, undefined);
    }
    return key;
  });
}

function notEditable(
  { file, path }: Edit,
  depth: number,
  token: Place['token'],
): never {
  throw new InputError(
    `${file}: ${named(path, depth)} is ${
      token?.type === 'alias'
        ? `an alias (${token.source}), so an edit would change what it refers to as well. Write the map out`
        : 'not a map. Make it one'
    }, then run the task again.`,
  );
}

function named(path: YamlPath, length: number): string {
  return length === 0
    ? 'the top of the file'
    : `"${formatPath(path.slice(0, length))}"`;
}

function refuseShared(
  { file, path, document }: Edit,
  depth: number,
  props: CST.SourceToken[] = [],
): void {
  const anchor = anchorIn(props);
  if (anchor !== undefined && document.referredAnchors.has(anchor)) {
    throw new InputError(
      `${file}: ${named(
        path,
        depth,
      )} carries the anchor &${anchor}, and other values refer to it, so an edit would change those as well. Write the values out where they are used, then run the task again.`,
    );
  }
}

/** A new map would hide one of the same name that comes through `<<`, instead of adding to it. */
function refuseMerged({ file, path, document }: Edit, depth: number): void {
  if (
    depth < path.length - 1 &&
    valueAt(document.data, path.slice(0, depth + 1))
  ) {
    throw new InputError(
      `${file}: ${named(
        path,
        depth + 1,
      )} comes through a merge key (<<). Write the map out, then run the task again.`,
    );
  }
}

function replaceValue(map: MapToken, found: Item, edit: Edit): void {
  const { file, path, value } = edit;
  const item = checked(map, found, edit);
  const token = item.value;
  if (token && !['alias', 'block-scalar'].includes(token.type)) {
    if (!CST.isScalar(token)) {
      throw new InputError(
        `${file}: ${named(
          path,
          path.length,
        )} is a collection; expected a text. Remove it, then run the task again.`,
      );
    }
  }
  if (token?.type !== 'alias') {
    refuseShared(edit, path.length, item.sep);
  }
  const style = styleOf(token);
  const inFlow = map.type === 'flow-collection';
  const quoted = inFlow && style === Scalar.PLAIN;
  setValue(item, value, quoted ? Scalar.QUOTE_DOUBLE : style, inFlow);
}

/** An entry that can get a value. In a flow map, a key needs no colon. */
function checked(map: MapToken, item: Item, { file, path }: Edit): Item {
  if (map.type === 'block-map' && !hasColon(item)) {
    throw new InputError(
      `${file}: the key ${named(
        path,
        path.length,
      )} has no ":". Add it, then run the task again.`,
    );
  }
  return item;
}

/** Gives a key without a value, or with an empty map, its first entries. */
function fillEmpty(
  parent: MapToken,
  item: Item,
  rest: string[],
  { value, lineBreak, document }: Edit,
): void {
  const { value: empty } = item;
  if (
    empty?.type === 'flow-collection' &&
    CST.stringify({ ...empty, end: [] }).includes('\n')
  ) {
    // Keep what may be between the brackets, such as a comment.
    addToFlowMap(empty, rest, value, {});
  } else if (parent.type === 'flow-collection') {
    setFlowMap(item, rest, value);
  } else {
    const step = indentStep(document);
    const indent = parent.indent + step;
    setBlockMap(item, rest, value, { indent, step, lineBreak });
  }
}

/** Adds a path of new keys to a map, as the entry before is written. */
function addEntry(
  map: MapToken,
  path: string[],
  { value, lineBreak, document }: Edit,
): void {
  const items: Item[] = map.items;
  const last = items.findLast(isEntry);
  if (map.type === 'block-map') {
    addToBlockMap(
      map,
      path,
      value,
      { indent: map.indent, step: indentStep(document), lineBreak },
      habitOf(last?.value),
    );
    return;
  }
  const keys = styleOf(last?.key);
  const values = styleOf(last?.value);
  addToFlowMap(map, path, value, {
    ...(keys === Scalar.QUOTE_DOUBLE && { keys }),
    ...(values === Scalar.QUOTE_SINGLE && { values }),
  });
}

/** By how many spaces a file indents its maps, as its first nested one shows. */
function indentStep({ token }: YamlDocument): number {
  const root = token?.value;
  if (root?.type !== 'block-map') {
    return USUAL_STEP;
  }
  const nested = root.items.find(({ value }) => value?.type === 'block-map');
  return nested?.value?.type === 'block-map'
    ? nested.value.indent - root.indent
    : USUAL_STEP;
}
