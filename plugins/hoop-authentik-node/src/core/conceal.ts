/** Pieces shorter than this are too common to be taken for a piece of a secret. */
const PIECE = 16;

/** Shorter values are words like `local`, whose removal would only make a message unreadable. */
const SHORTEST = 6;

/**
 * How a secret may be written in a text: plain, escaped for JSON, encoded for a URL, or in base64, also where something
 * stands before it, which shifts that.
 *
 * @internal
 */
export function spellingsOf(secret: string): string[] {
  const bytes = Buffer.from(secret, 'utf8');
  const base64 = [0, 1, 2].map(shift => {
    const aligned = bytes.subarray(shift);
    // What follows the secret changes the last characters of a group that is not full.
    return aligned
      .subarray(0, aligned.length - (aligned.length % 3))
      .toString('base64');
  });
  return [
    ...new Set([
      secret,
      JSON.stringify(secret).slice(1, -1),
      // Of the bytes, since half a character cannot be encoded for a URL.
      encodeURIComponent(bytes.toString('utf8')),
      new URLSearchParams({ _: secret }).toString().slice(2),
      bytes.toString('base64').replace(/=+$/, ''),
      ...base64,
      ...base64.map(text => text.replaceAll('+', '-').replaceAll('/', '_')),
    ]),
  ].filter(Boolean);
}

/**
 * Whether a text has a piece of a secret that is too long to be there by chance.
 *
 * @internal
 */
export function sharesPiece(text: string, secret: string): boolean {
  return sharedPieces(text, secret).size > 0;
}

/**
 * Takes secrets out of a text: in full, and in pieces that are too long to be there by chance, however they are written.
 *
 * @param placeholder - what stands in their place
 * @param whole - values that are taken out in full only, since their pieces are words that explain something
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

/** By way of sets: a Secret may hold a megabyte, and a log line many thousand characters. */
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
