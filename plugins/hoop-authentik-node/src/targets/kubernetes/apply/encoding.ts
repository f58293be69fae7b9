import { SecretValue } from '../../../core';
import type { ObjectChange } from '../plan/steps';

/** Values as on the wire: base64 in a Secret. @internal */
export function encoded(
  kind: ObjectChange['kind'],
  data: ObjectChange['data'],
): Record<string, string | null> {
  return Object.fromEntries(
    Object.entries(data).map(([key, value]) => {
      if (value === null) {
        return [key, null];
      }
      const text = value instanceof SecretValue ? value.reveal() : value;
      return [
        key,
        kind === 'Secret' ? Buffer.from(text, 'utf8').toString('base64') : text,
      ];
    }),
  );
}

/** @internal */
export function withoutNulls(
  data: Record<string, string | null>,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(data).filter(
      (entry): entry is [string, string] => entry[1] !== null,
    ),
  );
}

/** The type of a Secret that is replaced, which cannot be changed later. @internal */
export function typeOf(object: ObjectChange['replaces']): string | undefined {
  return object && 'type' in object ? object.type : undefined;
}
