import { InputError } from '@backstage/errors';
import {
  LineCounter,
  isMap,
  isScalar,
  parseAllDocuments,
  visit,
  type Document,
  type ParsedNode,
  type YAMLMap,
  type YAMLParseError,
} from 'yaml';

/** A map with its tokens. @internal */
export type SourceMap = YAMLMap.Parsed;

/** @internal */
export interface ParsedYaml {
  text: string;
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
  const documents: Document.Parsed<ParsedNode>[] = [
    ...parseAllDocuments(text, {
      keepSourceTokens: true,
      lineCounter: lines,
      logLevel: 'silent',
      merge: true,
      prettyErrors: false,
    }),
  ];
  for (const { errors } of documents) {
    if (errors.length > 0) {
      const [{ code, pos }] = errors;
      throw new InputError(
        `${file}, line ${lines.linePos(pos[0]).line}: this is not valid YAML: ${
          PROBLEMS[code] ?? code
        }.`,
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
    return { text, root: undefined, data: null, referredAnchors: new Set() };
  }
  if (!isMap<ParsedNode, ParsedNode | null>(document.contents)) {
    throw new InputError(
      `${file} holds no map of values; expected "key: value" at its top.`,
    );
  }
  return {
    text,
    root: document.contents as SourceMap,
    data: dataOf(file, document),
    referredAnchors: referredAnchors(document),
  };
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
