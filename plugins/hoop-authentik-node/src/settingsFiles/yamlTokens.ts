import { CST, Scalar, isScalar, type ParsedNode } from 'yaml';

type Item = CST.CollectionItem;

/** How a value is written. @internal */
export type ScalarStyle = 'PLAIN' | 'QUOTE_SINGLE' | 'QUOTE_DOUBLE';

/** How the file indents and ends its lines. @internal */
export interface BlockLayout {
  /** Spaces before the key. */
  indent: number;
  /** Spaces by which each nested map is indented further. */
  step: number;
  lineBreak: string;
}

/**
 * What every reader of YAML, of 1.1 as well as of 1.2, takes for text without quotes. Stricter than the standard: nothing
 * that starts like a number, and no character with a meaning of its own.
 */
const PLAIN = /^[A-Za-z][\w./-]*(:[\w./-]+)*$/;

const WORDS_WITH_MEANING = /^(y|n|yes|no|on|off|true|false|null)$/i;

/** Tokens that lie between others without being part of the data. */
const LAYOUT = ['space', 'comment', 'newline', 'comma'];

/** The style in which a scalar is written at present; a block scalar counts as plain. @internal */
export function styleOf(node: ParsedNode | null | undefined): ScalarStyle {
  const type = isScalar(node) ? node.type : undefined;
  return type === Scalar.QUOTE_DOUBLE || type === Scalar.QUOTE_SINGLE
    ? type
    : Scalar.PLAIN;
}

/** The style that the author of a scalar chose without having to. @internal */
export function habitOf(node: ParsedNode | null | undefined): ScalarStyle {
  return isScalar(node) && isPlain(String(node.value))
    ? styleOf(node)
    : Scalar.PLAIN;
}

/** Whether an entry of a collection holds data; comments at the end of one are entries without key and value. @internal */
export function isEntry({ start, key, sep = [], value }: Item): boolean {
  return Boolean(key || value || [...sep, ...start].some(isMark));
}

/** Whether an entry has a `:`. @internal */
export function hasColon({ sep }: Item): boolean {
  return sep?.some(({ type }) => type === 'map-value-ind') ?? false;
}

/**
 * Sets the value of an entry that has a scalar, an alias or nothing there. The comment behind it stays.
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
    // It covers whole lines: the line breaks at its end stay, and the one behind its header goes.
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
  // The lines behind an entry without a value count as its own, and belong to what comes next.
  const following = takeLayout(last, true);
  const ended = CST.stringify(items[at]).endsWith('\n');
  const { indent, lineBreak } = layout;
  if (!ended && last.value?.type === 'block-scalar') {
    // A line break more could become part of the scalar; then the new entry goes before all others.
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

/** How the entries of a flow map are written. @internal */
export interface FlowStyle {
  keys?: ScalarStyle;
  values?: ScalarStyle;
}

/**
 * Adds an entry at the end of a flow map. Where each entry has a line of its own, so has the new one.
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

/** The lines that set a text in a file without data. @internal */
export function blockText(path: string[], text: string, lineBreak: string) {
  const layout = { indent: 0, step: 2, lineBreak };
  return CST.stringify(blockMap(path, text, layout, Scalar.PLAIN, []));
}

function blockMap(
  path: string[],
  text: string,
  layout: BlockLayout,
  style: ScalarStyle,
  end: CST.SourceToken[],
): CST.BlockMap {
  const { indent } = layout;
  const entry = blockEntry(path, text, layout, style, end);
  return {
    type: 'block-map',
    offset: -1,
    indent,
    items: [{ ...entry, start: tokens(' '.repeat(indent)) }],
  };
}

function blockEntry(
  [key, ...rest]: string[],
  text: string,
  layout: BlockLayout,
  style: ScalarStyle,
  end: CST.SourceToken[],
) {
  const { indent, step, lineBreak } = layout;
  const inner = { ...layout, indent: indent + step };
  return {
    start: [] as CST.SourceToken[],
    key: scalar(key, Scalar.PLAIN),
    sep: tokens(':', rest.length ? lineBreak : ' '),
    value: rest.length
      ? blockMap(rest, text, inner, style, end)
      : scalar(text, style, end),
  };
}

function flowMap(
  path: string[],
  text: string,
  style: FlowStyle,
  behind: CST.SourceToken[],
): CST.FlowCollection {
  const [start, end] = tokens('{', '}');
  return {
    type: 'flow-collection',
    offset: -1,
    indent: -1,
    start,
    items: [flowEntry(path, text, style, [])],
    end: [end, ...behind],
  };
}

/** The value is quoted always: older readers take a colon between brackets for the start of a value. */
function flowEntry(
  [key, ...rest]: string[],
  text: string,
  style: FlowStyle,
  end: CST.SourceToken[],
): Item {
  const { keys = Scalar.PLAIN, values = Scalar.QUOTE_DOUBLE } = style;
  return {
    start: [],
    key: scalar(key, keys),
    sep: tokens(':', ' '),
    value: rest.length
      ? flowMap(rest, text, style, end)
      : scalar(text, values, end),
  };
}

function scalar(
  text: string,
  style: ScalarStyle,
  end: CST.SourceToken[] = [],
): CST.Token {
  const type = safeStyle(text, style);
  return CST.createScalarToken(text, { end, indent: -1, type });
}

/** The library trusts its caller that a plain text is read as text. */
function safeStyle(text: string, style: ScalarStyle): ScalarStyle {
  return style === Scalar.PLAIN && !isPlain(text) ? Scalar.QUOTE_DOUBLE : style;
}

function isPlain(text: string): boolean {
  return PLAIN.test(text) && !WORDS_WITH_MEANING.test(text);
}

function tokens(...sources: string[]): CST.SourceToken[] {
  return sources.filter(Boolean).map(source => ({
    type: (CST.tokenType(source) ?? 'newline') as CST.SourceToken['type'],
    offset: -1,
    indent: -1,
    source,
  }));
}

function isMark({ type }: CST.SourceToken): boolean {
  return !LAYOUT.includes(type);
}

/** Leaves an entry nothing but what leads to its value, and gives the layout that lay around that. */
function takeValue(item: Item): CST.SourceToken[] {
  const behind = takeLayout(item, false);
  const { sep = [] } = item;
  const end = sep.findLastIndex(isMark) + 1;
  const before = sep.slice(end);
  item.sep = [...(hasColon(item) ? [] : tokens(':')), ...sep.slice(0, end)];
  const hasComment = before.some(({ type }) => type === 'comment');
  return [...(hasComment ? before : []), ...behind];
}

/** Splits layout behind the line break that ends the line. */
function splitAfterLine(layout: CST.SourceToken[]) {
  const end = layout.findIndex(({ type }) => type === 'newline');
  const at = end < 0 ? layout.length : end + 1;
  return [layout.slice(0, at), layout.slice(at)];
}

/** The innermost entry at the end of an entry. */
function lastEntryOf(item: Item): Item {
  const { value } = item;
  const items: Item[] =
    value?.type === 'block-map' || value?.type === 'block-seq'
      ? value.items
      : [];
  const last = items.findLast(isEntry);
  return last ? lastEntryOf(last) : item;
}

/**
 * Takes what lies behind an entry, which counts as a part of it.
 *
 * @param keepLine - leaves it what ends its line
 */
function takeLayout(item: Item, keepLine: boolean): CST.SourceToken[] {
  const { value } = item;
  const layout = value ? endTokens(value) : item.sep ?? item.start;
  const end = layout.findLastIndex(isMark) + 1;
  const [line] = keepLine ? splitAfterLine(layout.slice(end)) : [[]];
  return layout.splice(end + line.length);
}

function endTokens(value: CST.Token): CST.SourceToken[] {
  return ('end' in value && value.end) || [];
}

/** Blanks and line breaks at the end of a text that ends with a line break. */
function lineBreaksAtEnd(text: string): string {
  return text.endsWith('\n')
    ? text.slice(text.trimEnd().length).replace(/[^ \t\r\n]/g, '')
    : '';
}
