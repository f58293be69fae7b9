import { InputError } from '@backstage/errors';
import {
  CST,
  Scalar,
  isAlias,
  isMap,
  isScalar,
  type Pair,
  type ParsedNode,
} from 'yaml';
import { appendLines, lineBreakOf } from './filePatch';
import {
  parseYaml,
  valueAt,
  type ParsedYaml,
  type SourceMap,
} from './parseYaml';
import {
  addToBlockMap,
  addToFlowMap,
  blockText,
  setBlockMap,
  setFlowMap,
  setValue,
} from './yamlEdits';
import { habitOf, hasColon, styleOf } from './yamlTokens';

type SourcePair = Pair<ParsedNode, ParsedNode | null>;

/** For files without a nested map that shows it. */
const USUAL_STEP = 2;

/** What is edited, for the messages. */
interface Edit {
  file: string;
  path: string[];
  value: string;
  lineBreak: string;
}

/**
 * Sets one text in a YAML file by changing the tokens it was parsed into. No other token is printed anew, so every other
 * byte stays.
 *
 * @throws InputError for a file that cannot be edited without changing something else
 * @internal
 */
export function setYamlText(
  file: string,
  text: string,
  path: string[],
  value: string,
): string {
  const source = parseYaml(file, text);
  const lineBreak = lineBreakOf(text);
  if (!source.root) {
    return appendLines(text, blockText(path, value, lineBreak));
  }
  editTokens(source, source.root, { file, path, value, lineBreak });
  return source.tokens.map(CST.stringify).join('');
}

function editTokens(source: ParsedYaml, root: SourceMap, edit: Edit): void {
  const { file, path } = edit;
  let map = root;
  for (let depth = 0; ; depth++) {
    refuseShared(edit, depth, map, source);
    const pair = findPair(map, path[depth]);
    const rest = path.slice(depth + 1);
    if (!pair) {
      refuseMerged(edit, depth, source);
      addEntry(map, path.slice(depth), edit, root);
      return;
    }
    if (rest.length === 0) {
      replaceValue(source, map, pair, edit);
      return;
    }
    const next = pair.value;
    if (isMap(next) && next.items.length > 0) {
      map = next as SourceMap;
    } else if (isNothing(next)) {
      if (next) {
        refuseShared(edit, depth + 1, next, source);
      }
      fillEmpty(map, entryOf(map, pair, edit), rest, edit, root);
      return;
    } else {
      throw new InputError(
        `${file}: ${named(path, depth + 1)} is ${
          isAlias(next)
            ? `an alias (*${next.source}), so an edit would change what it refers to as well. Write the map out`
            : 'not a map. Make it one'
        }, then run the task again.`,
      );
    }
  }
}

function named(path: string[], length: number): string {
  return length === 0
    ? 'the top of the file'
    : `"${path.slice(0, length).join('.')}"`;
}

function isNothing(node: ParsedNode | null): boolean {
  return (
    node === null ||
    (isScalar(node) && node.value === null) ||
    (isMap(node) && node.items.length === 0)
  );
}

function findPair(map: SourceMap, key: string): SourcePair | undefined {
  return map.items.find(
    pair => isScalar(pair.key) && String(pair.key.value) === key,
  );
}

function refuseShared(
  { file, path }: Edit,
  depth: number,
  node: ParsedNode,
  { referredAnchors }: ParsedYaml,
): void {
  if (!isAlias(node) && node.anchor && referredAnchors.has(node.anchor)) {
    throw new InputError(
      `${file}: ${named(path, depth)} carries the anchor &${
        node.anchor
      }, and other values refer to it, so an edit would change those as well. Write the values out where they are used, then run the task again.`,
    );
  }
}

/** A new map would hide one of the same name that comes through `<<`, instead of adding to it. */
function refuseMerged(
  { file, path }: Edit,
  depth: number,
  { data }: ParsedYaml,
): void {
  if (depth < path.length - 1 && valueAt(data, path.slice(0, depth + 1))) {
    throw new InputError(
      `${file}: ${named(
        path,
        depth + 1,
      )} comes through a merge key (<<). Write the map out, then run the task again.`,
    );
  }
}

function replaceValue(
  source: ParsedYaml,
  map: SourceMap,
  pair: SourcePair,
  edit: Edit,
): void {
  const { file, path, value } = edit;
  const item = entryOf(map, pair, edit);
  const node = pair.value;
  if (!isAlias(node) && !isScalar(node) && node !== null) {
    throw new InputError(
      `${file}: ${named(
        path,
        path.length,
      )} is a collection; expected a text. Remove it, then run the task again.`,
    );
  }
  if (node && !isAlias(node)) {
    refuseShared(edit, path.length, node, source);
  }
  const style = styleOf(node);
  const inFlow = map.flow ?? false;
  const quoted = inFlow && style === Scalar.PLAIN;
  setValue(item, value, quoted ? Scalar.QUOTE_DOUBLE : style, inFlow);
}

/** The tokens of a key and its value. In a flow map, a key needs no colon. */
function entryOf(
  map: SourceMap,
  { srcToken }: SourcePair,
  { file, path }: Edit,
): CST.CollectionItem {
  if (!srcToken || !(map.flow || hasColon(srcToken))) {
    throw new InputError(
      `${file}: the key ${named(
        path,
        path.length,
      )} has no ":". Add it, then run the task again.`,
    );
  }
  return srcToken;
}

/** Gives a key without a value, or with an empty map, its first entries. */
function fillEmpty(
  parent: SourceMap,
  item: CST.CollectionItem,
  rest: string[],
  { value, lineBreak }: Edit,
  root: SourceMap,
): void {
  const { value: empty } = item;
  if (
    empty?.type === 'flow-collection' &&
    CST.stringify({ ...empty, end: [] }).includes('\n')
  ) {
    // Keep what may be between the brackets, such as a comment.
    addToFlowMap(empty, rest, value, {});
  } else if (parent.flow) {
    setFlowMap(item, rest, value);
  } else {
    const step = indentStep(root);
    const indent = indentOf(parent) + step;
    setBlockMap(item, rest, value, { indent, step, lineBreak });
  }
}

/** Adds a path of new keys to a map, as the entry before is written. */
function addEntry(
  { srcToken, items }: SourceMap,
  path: string[],
  { value, lineBreak }: Edit,
  root: SourceMap,
): void {
  const last = items.at(-1);
  if (srcToken?.type === 'block-map') {
    addToBlockMap(
      srcToken,
      path,
      value,
      { indent: srcToken.indent, step: indentStep(root), lineBreak },
      habitOf(last?.value),
    );
  } else if (srcToken?.type === 'flow-collection') {
    const keys = styleOf(last?.key);
    const values = styleOf(last?.value);
    addToFlowMap(srcToken, path, value, {
      ...(keys === Scalar.QUOTE_DOUBLE && { keys }),
      ...(values === Scalar.QUOTE_SINGLE && { values }),
    });
  }
}

/** Spaces before the keys of a block map. */
function indentOf({ srcToken }: SourceMap): number {
  return srcToken?.type === 'block-map' ? srcToken.indent : 0;
}

/** By how many spaces a file indents its maps, as its first nested one shows. */
function indentStep(root: SourceMap): number {
  for (const { value } of root.items) {
    if (isMap(value) && value.srcToken?.type === 'block-map') {
      return value.srcToken.indent - indentOf(root);
    }
  }
  return USUAL_STEP;
}
