import { InputError } from '@backstage/errors';
import type { EnvQuote } from './parseEnvFile';
import { refuseUnprintable } from './values';

/** What needs no quotes: nothing that is expanded, ends a value or starts a comment. */
const BARE = /^[\w./:@%+=,~-]+$/;

/** What is taken as it stands within quotes; single ones keep everything but themselves. */
const LITERAL: Record<Exclude<EnvQuote, ''>, RegExp> = {
  "'": /^[^']*$/,
  '"': /^[^"$`]*$/,
};

function fits(value: string, quote: EnvQuote): boolean {
  return (quote === '' ? BARE : LITERAL[quote]).test(value);
}

/**
 * Writes a value so that docker compose reads it back as it is: in the quotes asked for where they hold it, else in
 * others.
 *
 * @throws InputError for a value that cannot be written for every reader of env files
 * @internal
 */
export function writeEnvValue(
  key: string,
  value: string,
  preferred: EnvQuote,
): string {
  refuseUnprintable(key, value);
  const quote = ([preferred, '', "'", '"'] as const).find(one =>
    fits(value, one),
  );
  if (quote === undefined || value.includes('\\')) {
    throw new InputError(
      `The value for ${key} holds a backslash, or quotes of both kinds, which readers of env files take differently. Use a value of letters and digits.`,
    );
  }
  return `${quote}${value}${quote}`;
}
