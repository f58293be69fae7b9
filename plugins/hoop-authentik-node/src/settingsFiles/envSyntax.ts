import { InputError } from '@backstage/errors';
import { refuseUnprintable } from './filePatch';

/** How a value is written. @internal */
export type EnvQuote = '' | "'" | '"';

/** One variable of an env file, and its position in the text. @internal */
export interface EnvEntry {
  key: string;
  /** Whether the line starts with `export`. */
  exported: boolean;
  /** Whether there is a `=` or `:`; a bare name takes its value from the environment of docker compose. */
  assigned: boolean;
  quote: EnvQuote;
  /** Offsets of the value, quotes included. */
  start: number;
  end: number;
  /** The value as written, without its quotes. */
  raw: string;
  /** The value as docker compose reads it; `undefined` where it depends on other variables or on escapes. */
  value: string | undefined;
}

/** A name, and what leads to its value. */
const ASSIGNMENT = /^([ \t]*(export[ \t]+)?([\w.[\]-]+)[ \t]*)([=:][ \t]*)?/;

/**
 * Finds the variables of an env file as docker compose reads it, including `export`, `=` or `:`, quotes over several lines
 * and comments after values.
 *
 * @throws InputError naming the file and the line, without any of the content
 * @internal
 */
export function parseEnvFile(file: string, text: string): EnvEntry[] {
  const entries: EnvEntry[] = [];
  let position = text.startsWith('\uFEFF') ? 1 : 0;
  while (position < text.length) {
    const line = lineAt(text, position);
    const match = ASSIGNMENT.exec(line);
    if (!match || /^[ \t]*#/.test(line)) {
      if (line.trim() !== '' && !/^[ \t]*#/.test(line)) {
        throw unreadable(
          file,
          text,
          position,
          'expected NAME=value, a comment or an empty line',
        );
      }
      position = startOfNextLine(text, position);
      continue;
    }
    const [, name, exported, key, separator] = match;
    const found = separator
      ? readValue(file, text, position + name.length, separator)
      : readBareName(file, text, position, line, name);
    entries.push({
      key,
      exported: exported !== undefined,
      assigned: separator !== undefined,
      ...found,
    });
    position = startOfNextLine(text, found.end);
  }
  return entries;
}

type EnvValue = Pick<EnvEntry, 'quote' | 'start' | 'end' | 'raw' | 'value'>;

function readBareName(
  file: string,
  text: string,
  position: number,
  line: string,
  name: string,
): EnvValue {
  if (!/^[ \t]*(#.*)?$/.test(line.slice(name.length))) {
    throw unreadable(file, text, position, 'expected "=" after the name');
  }
  const end = position + name.trimEnd().length;
  return { quote: '', start: end, end, raw: '', value: undefined };
}

function readValue(
  file: string,
  text: string,
  separatorAt: number,
  separator: string,
): EnvValue {
  const start = separatorAt + separator.length;
  const quote = text[start];
  if (quote === "'" || quote === '"') {
    const end = closingQuote(text, start, quote);
    if (end === undefined) {
      throw unreadable(file, text, start, `a quote (${quote}) is not closed`);
    }
    const raw = text.slice(start + 1, end);
    return {
      quote,
      start,
      end: end + 1,
      raw,
      value: isLiteral(raw, quote) ? raw : undefined,
    };
  }
  const rest = lineAt(text, start);
  if (separator.length > 1 && rest.startsWith('#')) {
    // Readers disagree whether this is a comment; it is kept as one after the new value.
    const empty = separatorAt + 1;
    return { quote: '', start: empty, end: empty, raw: '', value: undefined };
  }
  // Not "spaces, then #": on a long run of spaces that takes quadratic time.
  const comment = rest.search(/[ \t]#/);
  const raw = (comment < 0 ? rest : rest.slice(0, comment)).trimEnd();
  return {
    quote: '',
    start,
    end: start + raw.length,
    raw,
    value: isLiteral(raw, '') ? raw : undefined,
  };
}

function isLiteral(raw: string, quote: EnvQuote): boolean {
  return !(quote === "'" ? /\\/ : /[$\\]/).test(raw);
}

function closingQuote(
  text: string,
  start: number,
  quote: string,
): number | undefined {
  for (let at = start + 1; at < text.length; at++) {
    if (text[at] === '\\') {
      at++;
    } else if (text[at] === quote) {
      return at;
    }
  }
  return undefined;
}

/** Where the line after an offset starts; the end of the text where there is none. */
function startOfNextLine(text: string, offset: number): number {
  const lineBreak = text.indexOf('\n', offset);
  return lineBreak === -1 ? text.length : lineBreak + 1;
}

/** The line at a position, without its line break. */
function lineAt(text: string, position: number): string {
  return text
    .slice(position, startOfNextLine(text, position))
    .replace(/\r?\n$/, '');
}

function unreadable(
  file: string,
  text: string,
  position: number,
  problem: string,
): InputError {
  const line = text.slice(0, position).split('\n').length;
  return new InputError(`${file}, line ${line}: ${problem}. Correct the line.`);
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
