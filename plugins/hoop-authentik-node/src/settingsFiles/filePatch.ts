import { InputError } from '@backstage/errors';
import { SECRET_SETTING_KEY } from 'backstage-plugin-hoop-authentik-common';
import type { PlanLine, Settings } from '../core';

/**
 * The settings that are not secret and may be stored in a repository: all but the client secret.
 *
 * @public
 */
export type OpenSettings = Omit<Settings, typeof SECRET_SETTING_KEY>;

/**
 * The result of editing a file's text.
 *
 * @public
 */
export interface FilePatch {
  /** The new text; the same string where nothing had to change. */
  text: string;
  /** One line for each value that changed. */
  changes: PlanLine[];
  /** What the operator should know or still has to do, a sentence or two each. */
  notes: string[];
}

/** Control characters, line breaks among them. */
const UNPRINTABLE = /[\p{Cc}\p{Zl}\p{Zp}]/u;

/**
 * Refuses a value that is not one line of text.
 *
 * @throws InputError naming the key and not the value, which may be secret
 * @internal
 */
export function refuseUnprintable(key: string, value: string): void {
  if (UNPRINTABLE.test(value)) {
    throw new InputError(
      `The value for ${key} contains a line break or another control character; expected one line of text. Correct it at its source.`,
    );
  }
}

/**
 * Refuses the text of a file in UTF-16 or UTF-32 without a byte order mark, which reads as UTF-8 with a NUL between the
 * letters.
 *
 * @throws InputError naming the file
 * @internal
 */
export function refuseWideText(file: string, text: string): void {
  if (text.includes('\0')) {
    throw new InputError(
      `${file} contains NUL characters, as a file in UTF-16 does; expected UTF-8. Convert it, then run the task again.`,
    );
  }
}

const BYTE_ORDER_MARK = '\uFEFF';

/** The line break that a text uses first; `\n` where it has none. @internal */
export function lineBreakOf(text: string): string {
  return /\r?\n/.exec(text)?.[0] ?? '\n';
}

/**
 * Adds lines to a file, which ends as it did: with a line break or without one.
 *
 * @internal
 */
export function appendLines(text: string, lines: string): string {
  const lineBreak = lineBreakOf(text);
  return ['', '\n', BYTE_ORDER_MARK].includes(text.slice(-1))
    ? `${text}${lines}${lineBreak}`
    : `${text}${lineBreak}${lines}`;
}
