/** What steers a terminal: colours, the cursor. */
// eslint-disable-next-line no-control-regex
const ESCAPE_SEQUENCES = /\u001b\[[0-?]*[ -/]*[@-~]/g;

/**
 * What another system says, without the colours of a terminal; line breaks stay.
 *
 * @internal
 */
export function withoutColours(text: string): string {
  return text.replace(ESCAPE_SEQUENCES, '');
}

/**
 * What another system says, in one line of a log: unable to begin a line of its own that nobody wrote, or to steer a
 * terminal.
 *
 * @internal
 */
export function oneLine(text: string): string {
  return withoutColours(text)
    .replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')
    .trim();
}
