import type { SecretValue } from '../support';

const WITHHELD = '(message withheld: it quotes a secret)';
/** Tokens that authentik makes have 60 letters and digits, client secrets 128; client ids, which are no secret, 40. */
const LOOKS_MADE = /[A-Za-z0-9]{48}/;
/** Pieces shorter than this are too common to be taken for a piece of a secret. */
const PIECE = 16;

/**
 * Makes a text of the server fit for an error message: where it quotes one of our secrets, in full or in part, plain,
 * escaped or encoded, the whole text is withheld. Cutting out the secret alone would leave a server free to quote the
 * beginning of it. So is a text with what looks like a secret that authentik made, whether or not it is ours.
 *
 * @internal
 */
export function redact(text: string, secrets: readonly SecretValue[]): string {
  return LOOKS_MADE.test(text) || secrets.some(secret => quotes(text, secret))
    ? WITHHELD
    : text;
}

function quotes(text: string, secret: SecretValue): boolean {
  if (secret.isEmpty) {
    return false;
  }
  const value = secret.reveal();
  const spellings = new Set([
    value,
    JSON.stringify(value).slice(1, -1),
    encodeURIComponent(value),
    Buffer.from(value, 'utf8').toString('base64').replace(/=+$/, ''),
  ]);
  return [...spellings].some(
    spelling => text.includes(spelling) || sharesPiece(text, spelling),
  );
}

function sharesPiece(text: string, secret: string): boolean {
  for (let at = 0; at + PIECE <= secret.length; at++) {
    if (text.includes(secret.slice(at, at + PIECE))) {
      return true;
    }
  }
  return false;
}
