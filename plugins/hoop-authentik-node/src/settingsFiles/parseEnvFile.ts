import { InputError } from '@backstage/errors';
import { startOfNextLine } from './splice';

/** How a value is written. @internal */
export type EnvQuote = '' | "'" | '"';

/** One variable of an env file, and where in the text it stands. @internal */
export interface EnvEntry {
  key: string;
  /** Whether the line starts with `export`. */
  exported: boolean;
  /** Whether there is a `=` or `:`; a name alone takes its value from the environment of docker compose. */
  assigned: boolean;
  quote: EnvQuote;
  /** Where the value stands, with its quotes. */
  start: number;
  end: number;
  /** The value as written, without its quotes. */
  raw: string;
  /** The value as docker compose reads it; `undefined` where that depends on other variables or on escapes. */
  value: string | undefined;
}

/** A name, and what leads to its value. */
const ASSIGNMENT = /^([ \t]*(export[ \t]+)?([\w.[\]-]+)[ \t]*)([=:][ \t]*)?/;

/**
 * Finds the variables of an env file as docker compose reads it: `export`, `=` or `:`, quotes over several lines and
 * comments behind values included.
 *
 * @throws InputError naming file and line, and nothing of the content
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
          'expected NAME=value, a comment or nothing',
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
    throw unreadable(file, text, position, 'expected "=" behind the name');
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
      throw unreadable(
        file,
        text,
        start,
        `a quote (${quote}) is opened and not closed`,
      );
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
    // Readers disagree whether this is a comment; as one it can stay behind a new value.
    const empty = separatorAt + 1;
    return { quote: '', start: empty, end: empty, raw: '', value: undefined };
  }
  // Not "spaces, then #": over a long run of spaces that takes the square of its length.
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
