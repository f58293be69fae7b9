/** Colours and weights of a terminal. @internal */
export type Style = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'magenta';

const CODES: Record<Style, [number, number]> = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  magenta: [35, 39],
};

/** Styles text where colour is wanted. @internal */
export type Painter = (style: Style, text: string) => string;

/** @internal */
export function painter(color: boolean): Painter {
  return (style, text) => {
    const [on, off] = CODES[style];
    return color && text ? `\u001b[${on}m${text}\u001b[${off}m` : text;
  };
}

/** What other systems say in one line, unable to steer a terminal. @internal */
export function plain(text: string): string {
  return text.replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ').trim();
}

/** Breaks text between words; a word longer than a line, such as a URL, stays whole to be copied. @internal */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of plain(text).split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width) {
      lines[lines.length - 1] = `${last} ${word}`;
    } else {
      lines.push(word);
    }
  }
  return lines;
}

/** Ends text with an ellipsis where it does not fit. @internal */
export function fit(text: string, width: number): string {
  const line = plain(text);
  return line.length <= width
    ? line
    : `${line.slice(0, Math.max(0, width - 1))}…`;
}
