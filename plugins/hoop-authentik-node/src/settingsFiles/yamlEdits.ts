import { CST, Scalar } from 'yaml';
import {
  blockEntry,
  blockMap,
  endTokens,
  flowEntry,
  flowMap,
  isEntry,
  isMark,
  lastEntryOf,
  safeStyle,
  scalar,
  splitAfterLine,
  takeLayout,
  takeValue,
  tokens,
  type BlockLayout,
  type FlowStyle,
  type Item,
  type ScalarStyle,
} from './yamlTokens';

/**
 * Sets the value of an entry that has a scalar, an alias or no value. The comment behind it stays.
 *
 * @internal
 */
export function setValue(
  item: Item,
  text: string,
  style: ScalarStyle,
  inFlow: boolean,
): void {
  const { value } = item;
  const type = safeStyle(text, style);
  if (!value) {
    const end = takeValue(item);
    item.sep?.push(...tokens(' '));
    item.value = scalar(text, type, end);
    return;
  }
  const before = CST.stringify(value);
  const isBlock = value.type === 'block-scalar';
  CST.setScalarValue(value, text, { inFlow, type });
  if (isBlock) {
    // A block scalar covers whole lines: the line breaks at its end stay, not the one behind its header.
    const end = endTokens(value);
    const header = end.filter(token => token.type !== 'newline');
    end.splice(0, end.length, ...header, ...tokens(lineBreaksAtEnd(before)));
  }
}

/**
 * Gives an entry that has no value, or an empty one, a block map with one entry.
 *
 * @internal
 */
export function setBlockMap(
  item: Item,
  path: string[],
  text: string,
  layout: BlockLayout,
): void {
  const [line, following] = splitAfterLine(takeValue(item));
  const ended = line.at(-1)?.type === 'newline';
  const { lineBreak } = layout;
  item.sep?.push(...line, ...tokens(ended ? '' : lineBreak));
  item.value = blockMap(path, text, layout, Scalar.PLAIN, [
    ...tokens(ended ? lineBreak : ''),
    ...following,
  ]);
}

/**
 * Gives an entry that has no value, or an empty one, a flow map with one entry.
 *
 * @internal
 */
export function setFlowMap(item: Item, path: string[], text: string): void {
  const behind = takeValue(item);
  item.sep?.push(...tokens(' '));
  item.value = flowMap(path, text, {}, behind);
}

/**
 * Adds an entry at the end of a block map.
 *
 * @internal
 */
export function addToBlockMap(
  map: CST.BlockMap,
  path: string[],
  text: string,
  layout: BlockLayout,
  style: ScalarStyle,
): void {
  const items: Item[] = map.items;
  const at = items.findLastIndex(isEntry);
  const last = lastEntryOf(items[at]);
  // The parser counts the lines behind an entry without a value to it; they belong to what comes next.
  const following = takeLayout(last, true);
  const ended = CST.stringify(items[at]).endsWith('\n');
  const { indent, lineBreak } = layout;
  if (!ended && last.value?.type === 'block-scalar') {
    // Another line break could become part of the scalar, so the new entry goes before all others.
    const [first] = items;
    const entry = blockEntry(path, text, layout, style, tokens(lineBreak));
    first.start = [...tokens(' '.repeat(indent)), ...first.start];
    items.unshift(entry);
    return;
  }
  const entry = blockEntry(path, text, layout, style, [
    ...tokens(ended ? lineBreak : ''),
    ...following,
  ]);
  entry.start = tokens(ended ? '' : lineBreak, ' '.repeat(indent));
  items.splice(at + 1, 0, entry);
}

/**
 * Adds an entry at the end of a flow map, on its own line where the others are.
 *
 * @internal
 */
export function addToFlowMap(
  map: CST.FlowCollection,
  path: string[],
  text: string,
  style: FlowStyle,
): void {
  const at = map.items.findLastIndex(isEntry);
  const behind = at < 0 ? [] : takeLayout(map.items[at], false);
  const entry = flowEntry(path, text, style, behind);
  if (at >= 0) {
    const { start } = map.items[at];
    const lineStart = start.findLastIndex(({ type }) => type === 'newline');
    const margin = lineStart < 0 ? tokens(' ') : start.slice(lineStart);
    entry.start = [
      ...tokens(','),
      ...(margin.some(isMark) ? tokens(' ') : margin),
    ];
  }
  map.items.splice(at + 1, 0, entry);
}

/** Blanks and line breaks at the end of a text that ends with a line break. */
function lineBreaksAtEnd(text: string): string {
  return text.endsWith('\n')
    ? text.slice(text.trimEnd().length).replace(/[^ \t\r\n]/g, '')
    : '';
}
