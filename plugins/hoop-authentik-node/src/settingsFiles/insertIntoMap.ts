import { Scalar, isMap, isScalar, type CST, type ParsedNode } from 'yaml';
import { endOfEntry, isEntry, startOfEntry } from './cst';
import type { ParsedYaml, SourceMap } from './parseYaml';
import { lineBreakOf, splice, startOfNextLine, withLines } from './splice';
import { habitOf, styleOf, writeScalar, type ScalarStyle } from './yamlScalar';

/** How deep files are indented whose maps do not show it. */
const USUAL_STEP = 2;

/**
 * Lines that set a text at a path of new keys.
 *
 * @param indent - of the first key, in spaces
 * @param step - by which each further key is indented
 * @internal
 */
export function linesOf(
  path: string[],
  value: string,
  indent: number,
  step: number,
  style: ScalarStyle = 'plain',
): string[] {
  return path.map((key, depth) => {
    const start = `${' '.repeat(indent + depth * step)}${writeScalar(
      key,
      'plain',
    )}:`;
    return depth === path.length - 1
      ? `${start} ${writeScalar(value, style)}`
      : start;
  });
}

/**
 * What sets a text at a path of new keys within the brackets of a flow map. The value is quoted always: older readers take
 * a colon between brackets for the start of a value.
 *
 * @internal
 */
export function flowEntry(
  [key, ...rest]: string[],
  value: string,
  { keys = 'plain', values = 'double' }: FlowStyle = {},
): string {
  const written =
    rest.length === 0
      ? writeScalar(value, values)
      : `{${flowEntry(rest, value, { keys, values })}}`;
  return `${writeScalar(key, keys)}: ${written}`;
}

interface FlowStyle {
  keys?: ScalarStyle;
  values?: ScalarStyle;
}

/** Spaces before the keys of a block map. @internal */
export function indentOf({ srcToken }: SourceMap): number {
  return srcToken?.type === 'block-map' ? srcToken.indent : 0;
}

/** By how many spaces a file indents its maps, as its first nested one shows. @internal */
export function indentStep(root: SourceMap): number {
  return stepWithin(root) ?? USUAL_STEP;
}

function stepWithin(map: SourceMap): number | undefined {
  for (const { value } of map.items) {
    if (isMap(value) && value.srcToken?.type === 'block-map') {
      return value.srcToken.indent - indentOf(map);
    }
  }
  return undefined;
}

/** Adds a text at a path of new keys behind the last entry of a map. @internal */
export function insertIntoMap(
  { text, root }: ParsedYaml,
  map: SourceMap,
  path: string[],
  value: string,
): string {
  const token = map.srcToken;
  const entries = (token?.items ?? []).filter(isEntry);
  const last = entries.at(-1);
  const lastPair = map.items.at(-1);
  if (token?.type === 'flow-collection' || !last) {
    return insertIntoFlow(
      text,
      token?.offset ?? 0,
      last,
      flowEntry(path, value, {
        keys: isDoubleQuoted(lastPair?.key) ? 'double' : 'plain',
        values: styleOf(lastPair?.value) === 'single' ? 'single' : 'double',
      }),
    );
  }
  const indent = indentOf(map);
  return withLines(
    text,
    placeForLines(text, entries, last, indent),
    linesOf(
      path,
      value,
      indent,
      indentStep(root ?? map),
      habitOf(lastPair?.value),
    ),
  );
}

function isDoubleQuoted(node: ParsedNode | null | undefined): boolean {
  return isScalar(node) && node.type === Scalar.QUOTE_DOUBLE;
}

function placeForLines(
  text: string,
  entries: CST.CollectionItem[],
  last: CST.CollectionItem,
  indent: number,
): number {
  const { offset, blockScalar } = endOfEntry(last);
  if (!blockScalar) {
    return startOfNextLine(text, offset);
  }
  // A line break more at its end could become part of a block scalar; then the new lines go before all others.
  return text[offset - 1] === '\n'
    ? offset
    : (startOfEntry(entries[0]) ?? indent) - indent;
}

function insertIntoFlow(
  text: string,
  bracket: number,
  last: CST.CollectionItem | undefined,
  entry: string,
): string {
  if (!last) {
    return splice(text, bracket + 1, bracket + 1, entry);
  }
  const start = startOfEntry(last) ?? bracket;
  const { offset: end } = endOfEntry(last);
  const lineStart = text.lastIndexOf('\n', start - 1) + 1;
  const before = text.slice(lineStart, start);
  // Where each entry has a line of its own, so has the new one.
  const separator =
    lineStart > bracket && before.trim() === ''
      ? `,${lineBreakOf(text)}${before}`
      : ', ';
  return splice(text, end, end, separator + entry);
}
