import type { SecretValue } from './SecretValue';
import { oneLine } from './texts';

/** Shorter pieces of a secret are too common to be recognised. */
const PIECE = 16;

/** Every piece contains a block that begins at a multiple of this length. */
const BLOCK = PIECE / 2;

/** Shorter values are words like `local`, whose removal only makes a message unreadable. */
const SHORTEST = 6;

/** Shorter remains of a secret in base64 may be in a text by chance. */
const SHORTEST_SPELLING = 4;

/**
 * How a secret may be written in a text: plain, escaped for JSON, encoded for a URL, or in base64, which depends on the
 * length of what precedes it.
 *
 * @internal
 */
export function spellingsOf(secret: string): string[] {
  const bytes = Buffer.from(secret, 'utf8');
  const base64 = [0, 1, 2].map(shift => {
    const aligned = bytes.subarray(shift);
    // The bytes that follow change the last characters of an incomplete group.
    return aligned
      .subarray(0, aligned.length - (aligned.length % 3))
      .toString('base64');
  });
  return [
    ...new Set([
      secret,
      // As a text shows it after it was made one line.
      oneLine(secret),
      JSON.stringify(secret).slice(1, -1),
      // From the bytes, since half a character cannot be encoded for a URL.
      encodeURIComponent(bytes.toString('utf8')),
      new URLSearchParams({ _: secret }).toString().slice(2),
      bytes.toString('base64').replace(/=+$/, ''),
      ...base64,
      ...base64.map(text => text.replaceAll('+', '-').replaceAll('/', '_')),
    ]),
  ].filter(Boolean);
}

/**
 * Removes secrets from a text: whole ones, and pieces that are too long to be there by chance, in every spelling.
 *
 * @param placeholder - replaces them
 * @param whole - values that are removed only as a whole, since their pieces are words that explain something
 * @internal
 */
export function conceal(
  text: string,
  secrets: readonly string[],
  placeholder: string,
  whole: readonly string[] = [],
): string {
  const spellings = [...new Set(secrets.flatMap(spellingsOf))];
  // The longest first: a value may contain another.
  const known = [...spellings, ...whole]
    .filter(({ length }) => length >= SHORTEST)
    .sort((a, b) => b.length - a.length);
  const concealed = known.reduce(
    (result, one) => result.replaceAll(one, placeholder),
    text,
  );
  const blocks = blocksOf(concealed);
  return withoutPieces(
    concealed,
    new Set(spellings.flatMap(one => sharedPieces(concealed, blocks, one))),
    placeholder,
  );
}

/**
 * Whether a text contains a secret, in full or in part, plain, escaped or encoded.
 *
 * @internal
 */
export function quotesSecret(text: string, secret: SecretValue): boolean {
  const blocks = blocksOf(text);
  return (
    !secret.isEmpty &&
    (text.includes(secret.reveal()) ||
      spellingsOf(secret.reveal()).some(
        spelling =>
          (spelling.length >= SHORTEST_SPELLING && text.includes(spelling)) ||
          sharedPieces(text, blocks, spelling).length > 0,
      ))
  );
}

function withoutPieces(
  text: string,
  pieces: ReadonlySet<string>,
  placeholder: string,
): string {
  if (pieces.size === 0) {
    return text;
  }
  let result = '';
  let hiddenTo = -1;
  for (let at = 0; at < text.length; at++) {
    if (pieces.has(text.slice(at, at + PIECE))) {
      result += at > hiddenTo ? placeholder : '';
      hiddenTo = at + PIECE;
    }
    result += at < hiddenTo ? '' : text[at];
  }
  return result;
}

/** All blocks of a text, wherever they begin. */
function blocksOf(text: string): Set<string> {
  const blocks = new Set<string>();
  for (let at = 0; at + BLOCK <= text.length; at++) {
    blocks.add(text.slice(at, at + BLOCK));
  }
  return blocks;
}

/**
 * The pieces that a text and a secret share. Such a piece contains a block of the secret, and few blocks are in the text by
 * chance; a secret may have a megabyte, so only those are compared in full.
 */
function sharedPieces(
  text: string,
  blocks: ReadonlySet<string>,
  secret: string,
): string[] {
  const shared: string[] = [];
  for (let block = 0; block + BLOCK <= secret.length; block += BLOCK) {
    if (blocks.has(secret.slice(block, block + BLOCK))) {
      const first = Math.max(block + BLOCK - PIECE, 0);
      const last = Math.min(block, secret.length - PIECE);
      for (let at = first; at <= last; at++) {
        const piece = secret.slice(at, at + PIECE);
        if (text.includes(piece)) {
          shared.push(piece);
        }
      }
    }
  }
  return shared;
}
