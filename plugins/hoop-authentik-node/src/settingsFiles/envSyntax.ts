import { InputError } from '@backstage/errors';
import { refuseWideText } from './filePatch';
import {
  readDoubleQuoted,
  readQuoted,
  readUnquoted,
  type EnvQuote,
} from './envValue';

/** One variable of an env file, and its position in the text. @internal */
export interface EnvEntry {
  key: string;
  /** Whether `export` precedes it. */
  exported: boolean;
  /** Whether there is a `=` or `:`; a bare name takes its value from the environment of docker compose. */
  assigned: boolean;
  quote: EnvQuote;
  /** Offsets of the value, quotes included. */
  start: number;
  end: number;
  /** The value as written, without its quotes. */
  raw: string;
  /** The value as docker compose reads it; `undefined` where it depends on other variables. */
  value: string | undefined;
}

/** White space of Unicode, which includes line breaks. */
const SPACE =
  '\\t\\n\\v\\f\\r \\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000';
/** What compose skips within a line. */
const BLANK = '\\t\\v\\f\\r \\u0085\\u00a0';

const SPACES = new RegExp(`[${SPACE}]*`, 'y');
const IS_SPACE = new RegExp(`[${SPACE}]`);
const EXPORT = new RegExp(`export(?=[${SPACE}])[${BLANK}]*`, 'y');
const NAME = new RegExp(`[\\p{L}\\p{N}_.\\-\\[\\]${BLANK}]*`, 'uy');
const BLANKS = new RegExp(`[${BLANK}]*`, 'y');

/**
 * Finds the variables of an env file as docker compose reads it, with `export`, `=` or `:`, quotes over several lines, and
 * comments. After an unquoted value only a space followed by `#` starts a comment.
 *
 * @throws InputError naming the file and the line, without any of the content
 * @internal
 */
export function parseEnvFile(file: string, text: string): EnvEntry[] {
  refuseWideText(file, text);
  const entries: EnvEntry[] = [];
  let position = text.startsWith('\uFEFF') ? 1 : 0;
  for (;;) {
    position = startOfStatement(text, position);
    if (position >= text.length) {
      return entries;
    }
    const { entry, next } = readStatement(file, text, position);
    if (entry) {
      entries.push(entry);
    }
    position = next;
  }
}

/** Skips white space and comments. */
function startOfStatement(text: string, position: number): number {
  let start = endOf(SPACES, text, position);
  while (text[start] === '#') {
    const lineBreak = text.indexOf('\n', start);
    start = lineBreak < 0 ? text.length : endOf(SPACES, text, lineBreak);
  }
  return start;
}

/** Where the match of a sticky pattern at a position ends. */
function endOf(pattern: RegExp, text: string, position: number): number {
  pattern.lastIndex = position;
  return pattern.test(text) ? pattern.lastIndex : position;
}

interface Statement {
  /** `undefined` for a line of `export` alone. */
  entry: EnvEntry | undefined;
  /** Where the next statement may begin. */
  next: number;
}

function readStatement(
  file: string,
  text: string,
  position: number,
): Statement {
  const nameStart = endOf(EXPORT, text, position);
  const nameEnd = endOf(NAME, text, nameStart);
  const key = trimmedEnd(text.slice(nameStart, nameEnd));
  const exported = nameStart > position;
  const after = text[nameEnd];
  if (key.includes(' ')) {
    throw unreadable(file, text, position, 'expected "=" after the name');
  }
  if (after === '\n') {
    const end = nameStart + key.length;
    const entry = { key, exported, assigned: false, raw: '', value: undefined };
    return {
      entry: key ? { ...entry, quote: '', start: end, end } : undefined,
      next: nameEnd + 1,
    };
  }
  if (key === '' || (after !== '=' && after !== ':')) {
    throw unreadable(
      file,
      text,
      position,
      after === undefined
        ? 'the last line is a name alone; add "=" and a value, or a line break'
        : 'expected NAME=value, a comment or an empty line',
    );
  }
  const { next, ...value } = readValue(file, text, nameEnd + 1);
  return { entry: { key, exported, assigned: true, ...value }, next };
}

type EnvValue = Pick<EnvEntry, 'quote' | 'start' | 'end' | 'raw' | 'value'>;

/** @param behind - offset behind the `=` or `:` */
function readValue(
  file: string,
  text: string,
  behind: number,
): EnvValue & { next: number } {
  const start = endOf(BLANKS, text, behind);
  const quote = text[start];
  if (quote === "'" || quote === '"') {
    const end = closingQuote(text, start, quote);
    if (end === undefined) {
      throw unreadable(file, text, start, `a quote (${quote}) is not closed`);
    }
    const raw = text.slice(start + 1, end);
    const content = readQuoted(raw, quote);
    return {
      quote,
      start,
      end: end + 1,
      raw,
      value: quote === '"' ? readDoubleQuoted(content) : content,
      next: end + 1,
    };
  }
  const lineBreak = text.indexOf('\n', start);
  const lineEnd = lineBreak < 0 ? text.length : lineBreak;
  const line = text.slice(start, lineEnd);
  const comment = line.indexOf(' #');
  const raw = trimmedEnd(comment < 0 ? line : line.slice(0, comment));
  // A value that takes the place of nothing stands right behind the "=", before any carriage return.
  const at = raw === '' ? behind : start;
  return {
    quote: '',
    start: at,
    end: at + raw.length,
    raw,
    value: readUnquoted(raw),
    next: lineEnd,
  };
}

/** Not by a pattern: on a long run of blanks within a line that takes quadratic time. */
function trimmedEnd(text: string): string {
  let end = text.length;
  while (end > 0 && IS_SPACE.test(text[end - 1])) {
    end--;
  }
  return text.slice(0, end);
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

function unreadable(
  file: string,
  text: string,
  position: number,
  problem: string,
): InputError {
  const line = text.slice(0, position).split('\n').length;
  return new InputError(`${file}, line ${line}: ${problem}. Correct the line.`);
}
