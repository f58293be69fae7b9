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
