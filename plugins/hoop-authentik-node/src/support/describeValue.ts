/**
 * Shows a value in a message or a plan line: strings quoted, lists in brackets, nothing as `(unset)`.
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
  return typeof value === 'string' ? `"${value}"` : JSON.stringify(value);
}
