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
  /** The map at the top of the file; `undefined` where the file has no data. */
  root: SourceMap | undefined;
  /** The plain data, aliases and merge keys resolved. */
  data: unknown;
  /** Names of the anchors that something refers to. */
  referredAnchors: ReadonlySet<string>;
}

/**
 * The parser's own messages quote the file, which may contain secrets.
 */
const PROBLEMS: Partial<Record<YAMLParseError['code'], string>> = {
  TAB_AS_INDENT: 'a tab is used for indentation; use spaces',
  DUPLICATE_KEY: 'a key occurs twice in the same map; remove one of the two',
  BAD_INDENT: 'the indentation does not fit the lines above',
  MISSING_CHAR: 'a quote, bracket, comma or space is missing',
};

/**
 * Parses a YAML file with one map, keeping its tokens.
 *
 * @throws InputError naming the file and the line, without any of the content
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
      `${file} contains ${documents.length} YAML documents, separated by "---"; Helm reads only one. Remove the others.`,
    );
  }
  const [document] = documents;
  if (!document || isNothing(document.contents)) {
    return { tokens, root: undefined, data: null, referredAnchors: new Set() };
  }
  if (!isMap<ParsedNode, ParsedNode | null>(document.contents)) {
    throw new InputError(
      `${file} contains no map of values; expected "key: value" at the top level.`,
    );
  }
  return {
    tokens,
    root: document.contents as SourceMap,
    data: dataOf(file, document),
    referredAnchors: referredAnchors(document),
  };
}

/** The first key that its map already has. */
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
      `${file} cannot be resolved: an alias or merge key refers to an anchor that is not defined above it, cannot be merged, or expands too far.`,
    );
  }
}

/** The value at a path of keys; `undefined` where there is none. @internal */
export function valueAt(data: unknown, path: string[]): unknown {
  return path.reduce<unknown>(
    (value, key) =>
      typeof value === 'object' && value !== null
        ? Object.entries(value).find(([name]) => name === key)?.[1]
        : undefined,
    data,
  );
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
