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
  type YAMLParseError,
} from 'yaml';
import { refuseWideText } from './filePatch';
import { valueAt } from './yamlPath';

/** One document of a YAML file. @internal */
export interface YamlDocument {
  /** What it was read from; `undefined` for a file without data. */
  token: CST.Document | undefined;
  /** The plain data, aliases and merge keys resolved; `null` where there is none. */
  data: unknown;
  /** Names of the anchors that something refers to. */
  referredAnchors: ReadonlySet<string>;
  /** Of a Kubernetes object. */
  kind: string | undefined;
  name: string | undefined;
}

/** @internal */
export interface ParsedYaml {
  /** Of the whole file. */
  tokens: CST.Token[];
  /** Those with data. */
  documents: YamlDocument[];
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

/** Our own finding beside the parser's. */
const TEMPLATE_ACTION = 'TEMPLATE_ACTION';

/** Lines of Go templates, Jinja and ERB that are no YAML; such actions in quotes or in comments are. */
const TEMPLATE = /^[^#\n'"]*(\{\{|\{%|<%)/m;

/**
 * Parses a YAML file, keeping its tokens.
 *
 * @param lineOf - the line of the file that a line of the text is
 * @throws InputError naming the file and the line, without any of the content
 * @internal
 */
export function parseYaml(
  file: string,
  text: string,
  lineOf: (line: number) => number = line => line,
): ParsedYaml {
  refuseWideText(file, text);
  const lines = new LineCounter();
  const tokens = [...new Parser(lines.addNewLine).parse(text)];
  const composer = new Composer<ParsedNode>({
    keepSourceTokens: true,
    logLevel: 'silent',
    merge: true,
    // The composer compares each key with each other one, for minutes in a file of many keys.
    uniqueKeys: false,
  });
  const composed = [...composer.compose(tokens)];
  const documentTokens = tokens.filter(({ type }) => type === 'document');
  const documents: YamlDocument[] = [];
  for (const [index, document] of composed.entries()) {
    const problem: Problem | undefined = document.errors[0] ?? oddMap(document);
    if (problem) {
      const line = lineOf(lines.linePos(problem.pos[0]).line);
      throw new InputError(
        problem.code === TEMPLATE_ACTION || TEMPLATE.test(text)
          ? `${file}, line ${line}: this is no YAML but a template that makes YAML, such as {{ … }} without quotes. Set the settings in it by hand, or keep them in a file that is no template.`
          : `${file}, line ${line}: this is not valid YAML: ${
              PROBLEMS[problem.code as YAMLParseError['code']] ?? problem.code
            }.`,
      );
    }
    if (!isNothing(document.contents)) {
      documents.push(
        describe(file, document, documentTokens[index] as CST.Document),
      );
    }
  }
  return { tokens, documents };
}

function describe(
  file: string,
  document: Document.Parsed,
  token: CST.Document,
): YamlDocument {
  const data = dataOf(file, document);
  const text = (...path: string[]) => {
    const value = valueAt(data, path);
    return typeof value === 'string' ? value : undefined;
  };
  return {
    token,
    data,
    referredAnchors: referredAnchors(document),
    kind: text('apiVersion') === undefined ? undefined : text('kind'),
    name: text('metadata', 'name'),
  };
}

interface Problem {
  code: YAMLParseError['code'] | typeof TEMPLATE_ACTION;
  pos: [number, number?];
}

/** The first key that its map already has, or that is a map in braces: `{{ x }}` is read as such. */
function oddMap(document: Document.Parsed): Problem | undefined {
  let found: Problem | undefined;
  visit(document, {
    Map(_, { items, flow }) {
      const keys = new Set<unknown>();
      for (const { key } of items) {
        if (isScalar<unknown>(key)) {
          if (keys.has(key.value)) {
            found = { code: 'DUPLICATE_KEY', pos: [key.range?.[0] ?? 0] };
            return visit.BREAK;
          }
          keys.add(key.value);
        } else if (flow && isMap(key) && key.flow) {
          found = { code: TEMPLATE_ACTION, pos: [key.range?.[0] ?? 0] };
          return visit.BREAK;
        }
      }
      return undefined;
    },
  });
  return found;
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

function referredAnchors(document: Document.Parsed): Set<string> {
  const names = new Set<string>();
  visit(document, {
    Alias(_, { source }) {
      names.add(source);
    },
  });
  return names;
}
