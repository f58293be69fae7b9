import type { CST } from 'yaml';

/** Where the text of something ends. @internal */
export interface TextEnd {
  offset: number;
  /** Whether it is a block scalar, to which the line breaks after it may belong. */
  blockScalar: boolean;
}

/** Tokens that lie between others without being part of the data. */
const LAYOUT = ['space', 'comment', 'newline', 'comma'];

function lastSignificant(
  tokens: CST.SourceToken[] = [],
): CST.SourceToken | undefined {
  return tokens.filter(({ type }) => !LAYOUT.includes(type)).at(-1);
}

function endOf(offset: number): TextEnd {
  return { offset, blockScalar: false };
}

/**
 * Whether an entry of a collection holds anything; comments at the end of one are entries without key and value.
 *
 * @internal
 */
export function isEntry({ start, key, sep, value }: CST.CollectionItem) {
  return Boolean(
    key || value || lastSignificant(sep) || lastSignificant(start),
  );
}

/** The `:` of an entry; `undefined` where it has none. @internal */
export function colonOf({
  sep,
}: CST.CollectionItem): CST.SourceToken | undefined {
  return sep?.find(({ type }) => type === 'map-value-ind');
}

/** Where an entry's value would begin if it had one: behind the colon, an anchor and a tag. @internal */
export function endOfSeparator(item: CST.CollectionItem): number | undefined {
  const last = colonOf(item) && lastSignificant(item.sep);
  return last && last.offset + last.source.length;
}

/** Where an entry starts, with its anchor, tag or `?`. @internal */
export function startOfEntry({
  start,
  key,
}: CST.CollectionItem): number | undefined {
  return (
    start.find(({ type }) => !LAYOUT.includes(type))?.offset ?? key?.offset
  );
}

/** Where an entry ends, without comments and line breaks behind it. @internal */
export function endOfEntry(item: CST.CollectionItem): TextEnd {
  if (item.value) {
    return endOfToken(item.value);
  }
  const last = lastSignificant(item.sep);
  if (last) {
    return endOf(last.offset + last.source.length);
  }
  if (item.key) {
    return endOfToken(item.key);
  }
  const first = lastSignificant(item.start);
  return endOf(first ? first.offset + first.source.length : 0);
}

/** Where a value ends, without comments and line breaks behind it. @internal */
export function endOfToken(token: CST.Token): TextEnd {
  switch (token.type) {
    case 'block-scalar':
      return {
        offset: headerOf(token).end + token.source.length,
        blockScalar: true,
      };
    case 'block-map':
    case 'block-seq': {
      const last = (token.items as CST.CollectionItem[]).filter(isEntry).at(-1);
      return last ? endOfEntry(last) : endOf(token.offset);
    }
    case 'flow-collection': {
      const bracket = token.end.find(({ type }) => type.endsWith('-end'));
      return endOf((bracket ?? token).offset + 1);
    }
    default:
      return endOf(
        token.offset + ('source' in token ? token.source.length : 0),
      );
  }
}

/** The first line of a block scalar: `|-`, what follows it on the line, and where the content begins. @internal */
export function headerOf({ offset, props }: CST.BlockScalar) {
  const header = props.map(part => ('source' in part ? part.source : ''));
  return {
    comment: header.slice(1).join('').trimEnd(),
    end: offset + header.join('').length,
  };
}
