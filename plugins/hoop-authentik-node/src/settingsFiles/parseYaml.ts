import { InputError } from '@backstage/errors';
import {
  Composer,
  LineCounter,
  Parser,
  isMap,
  isScalar,
  visit,
  type CST,
  type Document,
  type ParsedNode,
  type YAMLMap,
  type YAMLParseError,
} from 'yaml';

/** A map with its tokens. @internal */
export type SourceMap = YAMLMap.Parsed;

/** @internal */
export interface ParsedYaml {
  /** What the file was read from; the nodes of the map refer to them. */
  tokens: CST.Token[];
  /** The one map of the file; `undefined` where the file holds no data. */
  root: SourceMap | undefined;
  /** The plain data, aliases and merge keys resolved. */
  data: unknown;
  /** Names of the anchors that something refers to. */
  referredAnchors: ReadonlySet<string>;
}

/**
 * In our own words: those of the parser quote the file, which may hold secrets.
 */
const PROBLEMS: Partial<Record<YAMLParseError['code'], string>> = {
  TAB_AS_INDENT: 'a tab is used for indentation; use spaces',
  DUPLICATE_KEY: 'a key occurs twice in the same map; remove one of them',
  BAD_INDENT: 'the indentation does not fit the lines above',
  MISSING_CHAR: 'a quote, bracket, comma or space is missing',
};

/**
 * Parses the text of a YAML file that holds one map, keeping the tokens it was read from.
 *
 * @throws InputError naming file and line, and nothing of the content
 * @internal
 */
export function parseYaml(file: string, text: string): ParsedYaml {
  const lines = new LineCounter();
  const tokens = [...new Parser(lines.addNewLine).parse(text)];
  const composer = new Composer<ParsedNode>({
    keepSourceTokens: true,
    logLevel: 'silent',
    merge: true,
    // The composer compares each key with each other one, for minutes in a file of many keys.
    uniqueKeys: false,
  });
  const documents = [...composer.compose(tokens)];
  for (const document of documents) {
    const problem = document.errors[0] ?? repeatedKey(document);
    if (problem) {
      throw new InputError(
        `${file}, line ${
          lines.linePos(problem.pos[0]).line
        }: this is not valid YAML: ${PROBLEMS[problem.code] ?? problem.code}.`,
      );
    }
  }
  if (documents.length > 1) {
    throw new InputError(
      `${file} holds ${documents.length} YAML documents, separated by "---"; Helm reads values from a file with one. Remove the others.`,
    );
  }
  const [document] = documents;
  if (!document || isNothing(document.contents)) {
    return { tokens, root: undefined, data: null, referredAnchors: new Set() };
  }
  if (!isMap<ParsedNode, ParsedNode | null>(document.contents)) {
    throw new InputError(
      `${file} holds no map of values; expected "key: value" at its top.`,
    );
  }
  return {
    tokens,
    root: document.contents as SourceMap,
    data: dataOf(file, document),
    referredAnchors: referredAnchors(document),
  };
}

/** The first key that its map has already. */
function repeatedKey(
  document: Document.Parsed,
): Pick<YAMLParseError, 'code' | 'pos'> | undefined {
  let found: number | undefined;
  visit(document, {
    Map(_, { items }) {
      const keys = new Set<unknown>();
      for (const { key } of items) {
        if (isScalar<unknown>(key)) {
          if (keys.has(key.value)) {
            found = key.range?.[0] ?? 0;
            return visit.BREAK;
          }
          keys.add(key.value);
        }
      }
      return undefined;
    },
  });
  return found === undefined
    ? undefined
    : { code: 'DUPLICATE_KEY', pos: [found, found] };
}

function isNothing(contents: ParsedNode | null): boolean {
  return !contents || (isScalar(contents) && contents.value === null);
}

function dataOf(file: string, document: Document.Parsed): unknown {
  try {
    return document.toJS();
  } catch {
    throw new InputError(
      `${file} cannot be resolved: its aliases or merge keys refer to something that does not exist above them, cannot be merged, or is too much.`,
    );
  }
}

function referredAnchors(document: Document.Parsed): Set<string> {
  const names = new Set<string>();
  visit(document, {
    Alias(_, { source }) {
      names.add(source);
    },
  });
  return names;
}
