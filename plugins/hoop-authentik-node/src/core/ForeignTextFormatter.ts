import { conceal, quotesSecret } from './conceal';
import type { ForeignText } from './ForeignText';
import type { SecretValue } from './SecretValue';
import { oneLine } from './texts';

/** A longer text is withheld unread: redacting it would take time, and a person would not read it. */
const MOST_CHARACTERS = 4 * 1024;

const QUOTES_A_SECRET = '(message withheld: it quotes a secret)';

/** authentik's tokens have 60 letters and digits, its client secrets 128; client ids, which are no secret, have 40. */
const GENERATED = /[A-Za-z0-9]{48,}/g;

/** The digest of an image or a container is long as well, and explains a failure. */
const DIGEST = /\b(?:sha256:|containerd:\/\/)[0-9a-f]{64}\b/g;

/**
 * What a text of another system must not show.
 *
 * @internal
 */
export interface HiddenValues {
  /** A text that quotes one of these is withheld: cutting out the secret alone would let a server quote its beginning. */
  secrets?: readonly SecretValue[];
  /** Replaced by the placeholder, as a whole and in pieces that are too long to be there by chance. */
  values?: readonly string[];
  /** Replaced only as a whole, since their pieces are words that explain something. */
  whole?: readonly string[];
  /** Default `<value>`. */
  placeholder?: string;
}

/**
 * The only way from a text of another system to one that people read: at most 4 KB, one line, without control and bidi
 * characters, without the hidden values, quoted.
 *
 * @internal
 */
export class ForeignTextFormatter {
  readonly #hidden: HiddenValues;

  constructor(hidden: HiddenValues = {}) {
    this.#hidden = hidden;
  }

  /**
   * The text in quotation marks, which it cannot close; a text that is withheld is named instead.
   *
   * @param max - characters after which it is cut
   */
  quote(text: ForeignText, max?: number): string {
    const { withheld, shown } = this.#redacted(text.read(), max);
    return withheld ?? (shown && `“${shown.replace(/[“”]/g, '"')}”`);
  }

  /** A line of our own with parts from another system: as {@link ForeignTextFormatter.quote}, without quotation marks. */
  line(text: string, max?: number): string {
    const { withheld, shown } = this.#redacted(text, max);
    return withheld ?? shown;
  }

  #redacted(
    text: string,
    max: number = MOST_CHARACTERS,
  ): { withheld?: string; shown: string } {
    if (text.length > MOST_CHARACTERS) {
      const withheld = `(message of ${text.length} characters withheld)`;
      return { withheld, shown: '' };
    }
    // Cleaned first: an invisible character within a secret would hide it from the search, and then vanish.
    const clean = oneLine(text);
    const { secrets = [], values = [], whole, placeholder } = this.#hidden;
    // Redacted before it is cut, because a piece of a secret would no longer be recognised.
    const shown = conceal(clean, values, placeholder ?? '<value>', whole);
    if (
      hasGenerated(shown) ||
      secrets.some(secret => quotesSecret(clean, secret))
    ) {
      return { withheld: QUOTES_A_SECRET, shown: '' };
    }
    return { shown: shown.length > max ? `${shown.slice(0, max)}…` : shown };
  }
}

function hasGenerated(text: string): boolean {
  const runs = text.replace(DIGEST, '').match(GENERATED) ?? [];
  return runs.some(run => /\d/.test(run) && /[A-Za-z]/.test(run));
}
