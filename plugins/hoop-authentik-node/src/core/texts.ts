import { stripVTControlCharacters } from 'node:util';

/**
 * Text of another system as one line of a log. It cannot forge a log line of its own, control a terminal, or reverse the
 * order in which a line is read.
 *
 * @internal
 */
export function oneLine(text: string): string {
  return stripVTControlCharacters(text)
    .replace(/\p{Cf}+/gu, '')
    .replace(/[\p{Cc}\p{Zl}\p{Zp}\p{Cs}]+/gu, ' ')
    .trim();
}

const LONGEST_LINE = 4 * 1024;

/** Whatever a message of ours contains, as one line of a task log. @alpha */
export function logLine(text: string): string {
  const line = oneLine(text.slice(0, LONGEST_LINE));
  return text.length > LONGEST_LINE ? `${line} …` : line;
}

/** An input is longer only by mistake, or to flood a log. */
const MOST_SHOWN = 200;

/** An input in quotation marks, for a message that refuses it. @internal */
export function describeInput(text: string): string {
  return text.length > MOST_SHOWN
    ? `a text of ${text.length} characters`
    : JSON.stringify(text).replace(
        /[\p{Cf}\p{Zl}\p{Zp}]/gu,
        character => `\\u${character.codePointAt(0)!.toString(16)}`,
      );
}

/**
 * Shows a value in one line of a message or a plan: strings quoted, lists in brackets, nothing as `(unset)`.
 *
 * @internal
 */
export function describeValue(value: unknown): string {
  if (value === undefined || value === null || value === '') {
    return '(unset)';
  }
  if (Array.isArray(value)) {
    return `[${value.map(describeValue).join(', ')}]`;
  }
  // A line break in a text would forge a log line.
  return JSON.stringify(value);
}
