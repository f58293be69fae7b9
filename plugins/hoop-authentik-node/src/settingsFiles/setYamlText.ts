import { InputError } from '@backstage/errors';
import {
  isAlias,
  isMap,
  isScalar,
  type CST,
  type Pair,
  type ParsedNode,
} from 'yaml';
import {
  colonOf,
  endOfEntry,
  endOfSeparator,
  endOfToken,
  headerOf,
} from './cst';
import {
  flowEntry,
  indentOf,
  indentStep,
  insertIntoMap,
  linesOf,
} from './insertIntoMap';
import { parseYaml, type ParsedYaml, type SourceMap } from './parseYaml';
import { splice, startOfNextLine, withLines } from './splice';
import { styleOf, writeScalar } from './yamlScalar';

type SourcePair = Pair<ParsedNode, ParsedNode | null>;

/** What is edited, for the messages. */
interface Edit {
  file: string;
  path: string[];
  value: string;
}

/**
 * Sets one text in a YAML file by exchanging the bytes of its value, or by inserting a line where there is none. Nothing
 * else of the file is printed anew, so every other byte stays as it was.
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
  const edit: Edit = { file, path, value };
  if (!source.root) {
    return withLines(text, text.length, linesOf(path, value, 0, 2));
  }
  let map = source.root;
  for (let depth = 0; ; depth++) {
    refuseShared(edit, depth, map, source);
    const pair = findPair(map, path[depth]);
    const rest = path.slice(depth + 1);
    if (!pair) {
      refuseMerged(edit, depth, source);
      return insertIntoMap(source, map, path.slice(depth), value);
    }
    if (rest.length === 0) {
      return replaceValue(source, map, pair, edit);
    }
    const next = pair.value;
    if (isMap(next) && next.items.length > 0) {
      map = next as SourceMap;
    } else if (isNothing(next)) {
      if (next) {
        refuseShared(edit, depth + 1, next, source);
      }
      return fillEmpty(source, map, pair, rest, edit);
    } else {
      throw new InputError(
        `${file}: ${named(path, depth + 1)} is ${
          isAlias(next)
            ? `an alias (*${next.source}), so that an edit would change what it refers to as well. Write the map out`
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
      }, and other values refer to it; an edit would change those as well. Write the values out where they are used, then run the task again.`,
    );
  }
}

/** A map that comes through `<<` would be hidden, and not added to, by one of the same name. */
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

/** @internal */
export function valueAt(data: unknown, path: string[]): unknown {
  return path.reduce<unknown>(
    (value, key) =>
      typeof value === 'object' && value !== null
        ? Object.entries(value).find(([name]) => name === key)?.[1]
        : undefined,
    data,
  );
}

function replaceValue(
  source: ParsedYaml,
  map: SourceMap,
  pair: SourcePair,
  { file, path, value }: Edit,
): string {
  const { text } = source;
  const node = pair.value;
  const { item, separator } = tokensOf(map, pair, { file, path });
  if (separator === undefined) {
    // A key alone, as in {a}.
    return splice(
      text,
      endOfEntry(item).offset,
      endOfEntry(item).offset,
      `: ${JSON.stringify(value)}`,
    );
  }
  if (!isAlias(node) && !isScalar(node) && node !== null) {
    throw new InputError(
      `${file}: ${named(
        path,
        path.length,
      )} is a collection; expected a text. Remove it, then run the task again.`,
    );
  }
  if (node && !isAlias(node)) {
    refuseShared({ file, path, value }, path.length, node, source);
  }
  const style = styleOf(node);
  const written = writeScalar(
    value,
    map.flow && style === 'plain' ? 'double' : style,
  );
  if (!item.value) {
    return splice(text, separator, separator, ` ${written}`);
  }
  const { offset: start } = item.value;
  const { offset: end } = endOfToken(item.value);
  return splice(
    text,
    start,
    end,
    item.value.type === 'block-scalar'
      ? inPlaceOfBlock(text.slice(start, end), item.value, written)
      : written,
  );
}

/** A block scalar covers whole lines: the comment behind its indicator and the line breaks at its end stay. */
function inPlaceOfBlock(
  block: string,
  token: CST.BlockScalar,
  written: string,
): string {
  return `${written}${headerOf(token).comment}${lineBreaksAtEnd(block)}`;
}

/**
 * The line breaks at the end of a text with the blanks before them. Looked for backwards: an expression that starts
 * anywhere takes the square of the length of a long run of blanks.
 */
function lineBreaksAtEnd(text: string): string {
  let start = text.length;
  while (start > 0 && ' \t\r\n'.includes(text[start - 1])) {
    start--;
  }
  return text.endsWith('\n') ? text.slice(start) : '';
}

function tokensOf(
  map: SourceMap,
  pair: SourcePair,
  { file, path }: Pick<Edit, 'file' | 'path'>,
) {
  const item = pair.srcToken;
  if (!item || !(map.flow || colonOf(item))) {
    throw new InputError(
      `${file}: the key ${named(
        path,
        path.length,
      )} has no ":". Add it, then run the task again.`,
    );
  }
  return { item, separator: endOfSeparator(item) };
}

/** Gives a key without a value, or with an empty map, its first entries. */
function fillEmpty(
  { text, root }: ParsedYaml,
  parent: SourceMap,
  pair: SourcePair,
  rest: string[],
  { file, path, value }: Edit,
): string {
  const { item, separator } = tokensOf(parent, pair, { file, path });
  const start = separator ?? endOfEntry(item).offset;
  const end = item.value ? endOfToken(item.value).offset : start;
  const colon = separator === undefined ? ':' : '';
  const entry = flowEntry(rest, value);
  if (
    item.value?.type === 'flow-collection' &&
    text.slice(start, end).includes('\n')
  ) {
    // Something may be written between the brackets.
    return splice(text, item.value.offset + 1, item.value.offset + 1, entry);
  }
  if (parent.flow) {
    return splice(text, start, end, `${colon} {${entry}}`);
  }
  const emptied = splice(text, start, end, '');
  const indent = indentOf(parent);
  const step = indentStep(root ?? parent);
  return withLines(
    emptied,
    startOfNextLine(emptied, start),
    linesOf(rest, value, indent + step, step),
  );
}
