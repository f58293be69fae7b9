/** Exchanges the text between two offsets. @internal */
export function splice(
  text: string,
  start: number,
  end: number,
  replacement: string,
): string {
  return `${text.slice(0, start)}${replacement}${text.slice(end)}`;
}

/** The line break that a text uses first; `\n` where it has none. @internal */
export function lineBreakOf(text: string): string {
  return /\r?\n/.exec(text)?.[0] ?? '\n';
}

/** Where the line after an offset starts; the end of the text where there is none. @internal */
export function startOfNextLine(text: string, offset: number): number {
  const lineBreak = text.indexOf('\n', offset);
  return lineBreak === -1 ? text.length : lineBreak + 1;
}

const BYTE_ORDER_MARK = '\uFEFF';

/**
 * Inserts whole lines where a line starts, or behind a last line without a line break, which then stays without one.
 *
 * @internal
 */
export function withLines(
  text: string,
  offset: number,
  lines: string[],
): string {
  const lineBreak = lineBreakOf(text);
  const inserted = lines.join(lineBreak);
  const startsLine =
    offset === 0 || ['\n', BYTE_ORDER_MARK].includes(text[offset - 1]);
  return splice(
    text,
    offset,
    offset,
    startsLine ? inserted + lineBreak : lineBreak + inserted,
  );
}
