const SCALAR = String.raw`(?:[\w./@-]+|'(?:[^']|'')*'|"(?:[^"\\]|\\[\\"nrt/])*")`;
const PLAIN = String.raw`(?![-?:](?:\s|$))[^\s,\[\]{}#&*!|>'"%@${'`'}](?:[^:#\t]|:(?=\S)|(?<=\S)#)*(?<![,:])`;
const VALUE = [
  PLAIN,
  String.raw`'(?:[^']|'')*'`,
  String.raw`"(?:[^"\\]|\\[\\"nrt/])*"`,
  String.raw`\[(?:${SCALAR}(?:, ?${SCALAR})*)?\]`,
  String.raw`\{(?: ?[\w.-]+: ${SCALAR}(?:, [\w.-]+: ${SCALAR})* ?)?\}`,
].join('|');

/** An entry of a map or list on a line of its own, as almost all lines of YAML are. */
const LINE = new RegExp(
  String.raw`^( *)((?:- +)*)(?:([A-Za-z0-9_/][\w./-]*):(?: +|$))?(?:([|>][+-]?)|(${VALUE}))?(?: +#.*)?$`,
);

/** A pattern does not have to look at a longer line. */
const LONGEST = 2_000;

/** A line that was recognised. @internal */
export interface YamlLine {
  /** Columns of its dashes. */
  dashes: number[];
  /** Column of its key; of its value where it has none. */
  column: number;
  key: string | undefined;
  /** Whether a block scalar, a value on the line, or nothing follows. */
  value: 'block' | 'line' | undefined;
}

/**
 * Reads one line of YAML.
 *
 * @returns `undefined` for everything but the plainest of lines
 * @internal
 */
export function readYamlLine(line: string): YamlLine | undefined {
  const match = line.length > LONGEST ? null : LINE.exec(line);
  if (!match) {
    return undefined;
  }
  const [, indent, prefix, key, block, value] = match;
  if (prefix === '' && key === undefined) {
    return undefined;
  }
  const dashes: number[] = [];
  for (
    let at = prefix.indexOf('-');
    at >= 0;
    at = prefix.indexOf('-', at + 1)
  ) {
    dashes.push(indent.length + at);
  }
  const onLine = value === undefined ? undefined : 'line';
  return {
    dashes,
    column: indent.length + prefix.length,
    key,
    value: block === undefined ? onLine : 'block',
  };
}
