import type { SecretValue } from './SecretValue';

/** Shorter pieces of a secret are too common to be recognised. */
const PIECE = 16;

/** Shorter values are words like `local`, whose removal only makes a message unreadable. */
const SHORTEST = 6;

const WITHHELD = '(message withheld: it quotes a secret)';

/** authentik's tokens have 60 letters and digits, its client secrets 128; client ids, which are no secret, have 40. */
const LOOKS_GENERATED = /[A-Za-z0-9]{48}/;

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
 * Whether a text contains a piece of a secret that is too long to be there by chance.
 *
 * @internal
 */
export function sharesPiece(text: string, secret: string): boolean {
  return sharedPieces(text, secret).size > 0;
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
  return spellings.reduce(
    (result, one) => withoutPieces(result, one, placeholder),
    concealed,
  );
}

/**
 * Makes a server's text fit for an error message. The whole text is withheld where it quotes one of our secrets, in full or
 * in part, plain, escaped or encoded: cutting out the secret alone would let a server quote its beginning. So is a text
 * with what looks like a secret that authentik generated, ours or not.
 *
 * @internal
 */
export function redact(text: string, secrets: readonly SecretValue[]): string {
  return LOOKS_GENERATED.test(text) ||
    secrets.some(secret => quotes(text, secret))
    ? WITHHELD
    : text;
}

function quotes(text: string, secret: SecretValue): boolean {
  return (
    !secret.isEmpty &&
    (text.includes(secret.reveal()) ||
      spellingsOf(secret.reveal()).some(
        spelling =>
          (spelling.length >= SHORTEST_SPELLING && text.includes(spelling)) ||
          sharesPiece(text, spelling),
      ))
  );
}

function withoutPieces(
  text: string,
  secret: string,
  placeholder: string,
): string {
  const pieces = sharedPieces(text, secret);
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

/** With sets, since a Secret may have a megabyte, and a log line thousands of characters. */
function sharedPieces(text: string, secret: string): Set<string> {
  const shared = new Set<string>();
  if (text.length < PIECE || secret.length < PIECE) {
    return shared;
  }
  const ofText = new Set<string>();
  for (let at = 0; at + PIECE <= text.length; at++) {
    ofText.add(text.slice(at, at + PIECE));
  }
  for (let at = 0; at + PIECE <= secret.length; at++) {
    const piece = secret.slice(at, at + PIECE);
    if (ofText.has(piece)) {
      shared.add(piece);
    }
  }
  return shared;
}
