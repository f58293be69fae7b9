/** A value of unknown shape, such as a request body, as an object; an empty one when it is none. @internal */
export function recordAt(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : {};
}

/** @internal */
export function stringList(value: unknown): string[] {
  return Array.isArray(value)
    ? value.filter((item): item is string => typeof item === 'string')
    : [];
}

/** What the validation of the gateway says where fields of a body are missing; undefined where none is. @internal */
export function missingFields(
  type: string,
  required: Record<string, unknown>,
): string | undefined {
  const lines = Object.entries(required)
    .filter(
      ([, value]) => value === undefined || value === null || value === '',
    )
    .map(([path]) => {
      const field = path.replace(/^.*\./, '');
      return `Key: '${type}.${path}' Error:Field validation for '${field}' failed on the 'required' tag`;
    });
  return lines.length > 0 ? lines.join('\n') : undefined;
}
