import { inspect } from 'node:util';

const PLACEHOLDER = '<text of another system>';

/**
 * Text that another system wrote, such as a body, a header or a log line. It cannot be printed by accident: string
 * conversion, JSON and `util.inspect` show a placeholder. {@link ForeignText.read} gives it to code that parses it; only
 * `ForeignTextFormatter` makes it fit for a message.
 *
 * @alpha
 */
export class ForeignText {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  /** The text itself, for parsing and comparing; it is not fit for a message. */
  read(): string {
    return this.#text;
  }

  get length(): number {
    return this.#text.length;
  }

  toString(): string {
    return PLACEHOLDER;
  }

  toJSON(): string {
    return PLACEHOLDER;
  }

  [inspect.custom](): string {
    return PLACEHOLDER;
  }
}
