import { sharesPiece, spellingsOf } from './conceal';
import type { SecretValue } from './SecretValue';

const WITHHELD = '(message withheld: it quotes a secret)';
/** Tokens that authentik makes have 60 letters and digits, client secrets 128; client ids, which are no secret, 40. */
const LOOKS_MADE = /[A-Za-z0-9]{48}/;
/** What is left of a short secret in base64 may be there by chance. */
const SHORTEST = 4;

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
  return (
    !secret.isEmpty &&
    (text.includes(secret.reveal()) ||
      spellingsOf(secret.reveal()).some(
        spelling =>
          (spelling.length >= SHORTEST && text.includes(spelling)) ||
          sharesPiece(text, spelling),
      ))
  );
}
