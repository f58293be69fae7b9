import fc from 'fast-check';

/** A part of a generated file: one of our settings, or text that no edit may change. @internal */
export interface Piece {
  text: string;
  ours: boolean;
}

/** @internal */
export const ours = (text: string): Piece => ({ text, ours: true });

/** @internal */
export const foreign = (text: string): Piece => ({ text, ours: false });

/** @internal */
export const textOf = (pieces: Piece[]): string =>
  pieces.map(({ text }) => text).join('');

/** How a file is laid out as a whole. @internal */
export interface Layout {
  lineBreak: string;
  /** Whether the last line ends with a line break. */
  ended: boolean;
  byteOrderMark: boolean;
}

/** @internal */
export const layouts: fc.Arbitrary<Layout> = fc.record({
  lineBreak: fc.constantFrom('\n', '\r\n'),
  ended: fc.boolean(),
  byteOrderMark: fc.boolean(),
});

/**
 * Lays the pieces of a file out. Each `@` becomes a unique number, so that a foreign piece is found in one place only.
 *
 * @internal
 */
export function layOut(
  pieces: Piece[],
  { lineBreak, ended, byteOrderMark }: Layout,
): Piece[] {
  let count = 0;
  const laidOut = pieces
    // New lines may come before the empty lines at the end of an entry.
    .flatMap(({ text, ...piece }) =>
      text.split(/(?<=\n)(?=\n+$)/).map(part => ({ ...piece, text: part })),
    )
    .filter(({ text }) => text !== '')
    .map(({ text, ...piece }) => ({
      ...piece,
      text: text
        .replaceAll('@', () => `-${count++}-`)
        .replaceAll('\n', lineBreak),
    }));
  const last = laidOut.at(-1);
  if (last && !ended) {
    last.text = last.text.replace(/\r?\n$/, '');
  }
  return byteOrderMark ? [foreign('\uFEFF'), ...laidOut] : laidOut;
}

/**
 * The text between the foreign pieces of an edited file. Each piece must be there, in order and byte for byte.
 *
 * @throws Error when one is missing
 * @internal
 */
export function betweenForeign(pieces: Piece[], edited: string): string[] {
  const gaps: string[] = [];
  let position = 0;
  for (const { text } of pieces.filter(piece => !piece.ours)) {
    const found = edited.indexOf(text, position);
    if (found === -1) {
      throw new Error(`${JSON.stringify(text)} is gone from ${edited}`);
    }
    gaps.push(edited.slice(position, found));
    position = found + text.length;
  }
  return [...gaps, edited.slice(position)];
}
