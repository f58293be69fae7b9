import { timingSafeEqual } from 'node:crypto';
import { inspect } from 'node:util';

const HIDDEN = '<secret>';

/**
 * A secret that cannot be printed by accident: string conversion, JSON and `util.inspect` show a placeholder, and the value
 * is not an enumerable property. Only {@link SecretValue.reveal} gives it out, so a search for that word finds every
 * place that uses a secret.
 *
 * @public
 */
export class SecretValue {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  /** The secret itself. Pass it to the system it belongs to and to nothing else. */
  reveal(): string {
    return this.#value;
  }

  /** Compares in constant time for values of equal length. */
  equals(other: SecretValue | string | undefined): boolean {
    if (other === undefined) {
      return false;
    }
    const mine = Buffer.from(this.#value, 'utf8');
    const theirs = Buffer.from(
      typeof other === 'string' ? other : other.reveal(),
      'utf8',
    );
    return mine.length === theirs.length && timingSafeEqual(mine, theirs);
  }

  get isEmpty(): boolean {
    return this.#value.length === 0;
  }

  toString(): string {
    return HIDDEN;
  }

  toJSON(): string {
    return HIDDEN;
  }

  [inspect.custom](): string {
    return HIDDEN;
  }
}
