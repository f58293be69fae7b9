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
  // Line breaks in a text would begin lines of a log that nobody wrote.
  return JSON.stringify(value);
}
