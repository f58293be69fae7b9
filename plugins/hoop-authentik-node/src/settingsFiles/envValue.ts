import { InputError } from '@backstage/errors';
import { refuseUnprintable } from './filePatch';

/** How a value is written. @internal */
export type EnvQuote = '' | "'" | '"';

/** What is between quotes, where a backslash keeps a quote of the same kind from closing them. @internal */
export function readQuoted(raw: string, quote: "'" | '"'): string {
  return raw.replace(/\\([^])/g, (pair, escaped) =>
    escaped === quote ? quote : pair,
  );
}

const ESCAPES: Record<string, string> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '"': '"',
  '\\': '\\',
};

/**
 * The escapes and variables of a value in double quotes.
 *
 * @returns `undefined` where the value depends on other variables
 * @internal
 */
export function readDoubleQuoted(content: string): string | undefined {
  return readUnquoted(
    content.replace(/\\([abcfnrtv$"\\]|0\d{0,3})/g, (escape, body: string) => {
      if (body === '$') {
        return '$$';
      }
      if (body.startsWith('0')) {
        // Three digits behind the zero name a byte; otherwise only the zero is lost.
        return /^0[0-3][0-7]{2}$/.test(body)
          ? String.fromCharCode(Number.parseInt(body, 8))
          : `\\${body.slice(1)}`;
      }
      return ESCAPES[body] ?? escape;
    }),
  );
}

/**
 * The variables of a value; `$$` is a dollar sign.
 *
 * @returns `undefined` where the value depends on other variables
 * @internal
 */
export function readUnquoted(raw: string): string | undefined {
  const parts = raw.split('$$');
  return parts.some(part => part.includes('$')) ? undefined : parts.join('$');
}

/** Needs no quotes: nothing that is expanded, ends a value or starts a comment. */
const BARE = /^[\w./:@%+=,~-]+$/;

/** Taken literally within quotes; single quotes keep everything but themselves. */
const LITERAL: Record<Exclude<EnvQuote, ''>, RegExp> = {
  "'": /^[^']*$/,
  '"': /^[^"$`]*$/,
};

function fits(value: string, quote: EnvQuote): boolean {
  return (quote === '' ? BARE : LITERAL[quote]).test(value);
}

/**
 * Writes a value so that docker compose reads it back unchanged, in the preferred quotes where they can hold it.
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
      `The value for ${key} contains a backslash, or quotes of both kinds, which env file readers interpret differently. Use a value of letters and digits.`,
    );
  }
  return `${quote}${value}${quote}`;
}
