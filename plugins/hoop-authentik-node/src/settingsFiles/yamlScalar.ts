import { Scalar, isScalar, type ParsedNode } from 'yaml';

/** How a value is written. @internal */
export type ScalarStyle = 'plain' | 'single' | 'double';

/**
 * What every reader of YAML, of 1.1 as well as of 1.2, takes for text without quotes. Stricter than the standard: nothing
 * that starts like a number, and no character with a meaning of its own.
 */
const PLAIN = /^[A-Za-z][\w./-]*(:[\w./-]+)*$/;

const WORDS_WITH_MEANING = /^(y|n|yes|no|on|off|true|false|null)$/i;

function isPlain(text: string): boolean {
  return PLAIN.test(text) && !WORDS_WITH_MEANING.test(text);
}

/** The style in which a scalar is written at present. @internal */
export function styleOf(node: ParsedNode | null | undefined): ScalarStyle {
  if (isScalar(node)) {
    switch (node.type) {
      case Scalar.QUOTE_DOUBLE:
        return 'double';
      case Scalar.QUOTE_SINGLE:
        return 'single';
      default:
    }
  }
  return 'plain';
}

/** The style that the author of a scalar chose without having to. @internal */
export function habitOf(node: ParsedNode | null | undefined): ScalarStyle {
  return isScalar(node) && isPlain(String(node.value))
    ? styleOf(node)
    : 'plain';
}

/**
 * Writes a text without line breaks in the style asked for, or in double quotes where that would be read as something
 * else.
 *
 * @internal
 */
export function writeScalar(text: string, style: ScalarStyle): string {
  if (style === 'plain' && isPlain(text)) {
    return text;
  }
  if (style === 'single') {
    return `'${text.replaceAll("'", "''")}'`;
  }
  return JSON.stringify(text);
}
