import { stripVTControlCharacters } from 'node:util';

/**
 * Text of another system without terminal colours; line breaks stay.
 *
 * @internal
 */
export function withoutColours(text: string): string {
  return stripVTControlCharacters(text);
}

/**
 * Text of another system as one line of a log. It cannot forge a log line of its own or control a terminal.
 *
 * @internal
 */
export function oneLine(text: string): string {
  return withoutColours(text)
    .replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')
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
