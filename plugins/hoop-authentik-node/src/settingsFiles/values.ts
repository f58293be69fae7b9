import { InputError } from '@backstage/errors';

/** Control characters, line breaks among them. */
const UNPRINTABLE = /[\p{Cc}\p{Zl}\p{Zp}]/u;

/**
 * Refuses a value that cannot be one line of text.
 *
 * @throws InputError naming the key and not the value, which may be secret
 * @internal
 */
export function refuseUnprintable(key: string, value: string): void {
  if (UNPRINTABLE.test(value)) {
    throw new InputError(
      `The value for ${key} holds a line break or another control character; expected one line of text. Correct it where it comes from.`,
    );
  }
}
