import { CST, Scalar } from 'yaml';

/** @internal */
export type Item = CST.CollectionItem;

/** How a scalar is written. @internal */
export type ScalarStyle = 'PLAIN' | 'QUOTE_SINGLE' | 'QUOTE_DOUBLE';

/** How the entries of a flow map are written. @internal */
export interface FlowStyle {
  keys?: ScalarStyle;
  values?: ScalarStyle;
}

/** How the file indents and ends its lines. @internal */
export interface BlockLayout {
  /** Spaces before the key. */
  indent: number;
  /** Spaces by which each nested map is indented further. */
  step: number;
  lineBreak: string;
}

/**
 * Text without quotes for every reader of YAML 1.1 and 1.2. Stricter than the standard: nothing that starts like a number,
 * and no character with a special meaning.
 */
const PLAIN = /^[A-Za-z][\w./-]*(:[\w./-]+)*$/;

const WORDS_WITH_MEANING = /^(y|n|yes|no|on|off|true|false|null)$/i;

/** Tokens that lie between others without being part of the data. */
const LAYOUT = ['space', 'comment', 'newline', 'comma'];

/** The tokens of a map. @internal */
export type MapToken = CST.BlockMap | CST.FlowCollection;

/** The text of a scalar; `undefined` for everything else. */
function textOf(token: CST.Token | null | undefined): string | undefined {
  return token ? CST.resolveAsScalar(token)?.value : undefined;
}

/** The key of an entry as text; `undefined` where it is no scalar. @internal */
export function keyOf({ key }: Item): string | undefined {
  return key?.type === 'alias' ? undefined : textOf(key);
}

/** The name of the anchor among the tokens before a value. @internal */
export function anchorIn(props: CST.SourceToken[]): string | undefined {
  return props.find(({ type }) => type === 'anchor')?.source.slice(1);
}

/** Whether an entry has no value, null or an empty map. @internal */
export function isNothing({ sep = [], value }: Item): boolean {
  if (!value) {
    return true;
  }
  if (value.type === 'flow-collection') {
    return value.start.source === '{' && !value.items.some(isEntry);
  }
  return (
    value.type === 'scalar' &&
    /^(~|null|Null|NULL)?$/.test(value.source) &&
    !sep.some(({ type }) => type === 'tag')
  );
}

/** The style of a scalar; a block scalar counts as plain. @internal */
export function styleOf(token: CST.Token | null | undefined): ScalarStyle {
  switch (token?.type) {
    case 'double-quoted-scalar':
      return Scalar.QUOTE_DOUBLE;
    case 'single-quoted-scalar':
      return Scalar.QUOTE_SINGLE;
    default:
      return Scalar.PLAIN;
  }
}

/** The style that the author of a scalar chose without having to. @internal */
export function habitOf(token: CST.Token | null | undefined): ScalarStyle {
  return isPlain(textOf(token) ?? '') ? styleOf(token) : Scalar.PLAIN;
}

/** Whether an entry of a collection holds data; comments at the end of one are entries without key and value. @internal */
export function isEntry({ start, key, sep = [], value }: Item): boolean {
  return Boolean(key || value || [...sep, ...start].some(isMark));
}

/** Whether an entry has a `:`. @internal */
export function hasColon({ sep }: Item): boolean {
  return sep?.some(({ type }) => type === 'map-value-ind') ?? false;
}

/** A block map with one entry at a path of new keys. @internal */
export function blockMap(
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

/** @param end - layout behind the value @internal */
export function blockEntry(
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

/** A flow map with one entry at a path of new keys. @internal */
export function flowMap(
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

/** The value is always quoted: older readers take a colon between brackets for the start of a value. @internal */
export function flowEntry(
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

/** @internal */
export function scalar(
  text: string,
  style: ScalarStyle,
  end: CST.SourceToken[] = [],
): CST.Token {
  const type = safeStyle(text, style);
  return CST.createScalarToken(text, { end, indent: -1, type });
}

/** Quotes what would not be read as text: the library leaves that to its caller. @internal */
export function safeStyle(text: string, style: ScalarStyle): ScalarStyle {
  return style === Scalar.PLAIN && !isPlain(text) ? Scalar.QUOTE_DOUBLE : style;
}

function isPlain(text: string): boolean {
  return PLAIN.test(text) && !WORDS_WITH_MEANING.test(text);
}

/** Tokens of punctuation and layout; empty texts give none. @internal */
export function tokens(...sources: string[]): CST.SourceToken[] {
  return sources.filter(Boolean).map(source => ({
    type: (CST.tokenType(source) ?? 'newline') as CST.SourceToken['type'],
    offset: -1,
    indent: -1,
    source,
  }));
}

/** Whether a token is part of the data, and not layout. @internal */
export function isMark({ type }: CST.SourceToken): boolean {
  return !LAYOUT.includes(type);
}

/** Cuts an entry off behind its colon, anchor and tag, and gives the layout that was around its value. @internal */
export function takeValue(item: Item): CST.SourceToken[] {
  const behind = takeLayout(item, false);
  const { sep = [] } = item;
  const end = sep.findLastIndex(isMark) + 1;
  item.sep = [...(hasColon(item) ? [] : tokens(':')), ...sep.slice(0, end)];
  const comment = sep.findLastIndex(({ type }) => type === 'comment') + 1;
  return [...sep.slice(end, comment), ...behind];
}

/** Splits layout behind the first line break. @internal */
export function splitAfterLine(layout: CST.SourceToken[]) {
  const end = layout.findIndex(({ type }) => type === 'newline');
  const at = end < 0 ? layout.length : end + 1;
  return [layout.slice(0, at), layout.slice(at)];
}

/** The innermost last entry of an entry's block collections; the entry itself where it has none. @internal */
export function lastEntryOf(item: Item): Item {
  const { value } = item;
  const items: Item[] =
    value?.type === 'block-map' || value?.type === 'block-seq'
      ? value.items
      : [];
  const last = items.findLast(isEntry);
  return last ? lastEntryOf(last) : item;
}

/**
 * Takes the layout at the end of an entry out of it.
 *
 * @param keepLine - leaves the rest of its line
 * @internal
 */
export function takeLayout(item: Item, keepLine: boolean): CST.SourceToken[] {
  const { value } = item;
  const layout = value ? endTokens(value) : item.sep ?? item.start;
  const end = layout.findLastIndex(isMark) + 1;
  const [line] = keepLine ? splitAfterLine(layout.slice(end)) : [[]];
  return layout.splice(end + line.length);
}

/** The layout and brackets behind a value, to be changed in place. @internal */
export function endTokens(value: CST.Token): CST.SourceToken[] {
  return ('end' in value && value.end) || [];
}
