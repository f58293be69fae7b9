import { isDeepStrictEqual } from 'node:util';
import { InputError } from '@backstage/errors';
import { CST } from 'yaml';
import { appendLines, lineBreakOf } from './filePatch';
import { elideYaml, type Skeleton } from './elideYaml';
import { parseYaml, type ParsedYaml, type YamlDocument } from './parseYaml';
import { newMap, setYamlText } from './setYamlText';
import { formatPath, valueAt, withValue, type YamlPath } from './yamlPath';

/** A text that a document must have. @internal */
export interface WantedText {
  path: YamlPath;
  value: string;
}

/** A file that is parsed as far as it matters. @internal */
export interface OpenedYaml extends ParsedYaml {
  file: string;
  skeleton: Skeleton;
}

/**
 * Parses a file, without the parts of a long one that have none of the keys.
 *
 * @throws InputError naming the file and the line, without any of the content
 * @internal
 */
export function openYaml(
  file: string,
  text: string,
  keys: Iterable<string>,
  smallest?: number,
): OpenedYaml {
  const skeleton = elideYaml(text, new Set(keys), smallest);
  return {
    file,
    skeleton,
    ...parseYaml(file, skeleton.text, skeleton.lineOf),
  };
}

/** The texts that a document does not have yet. @internal */
export function missingFrom(
  { data }: YamlDocument,
  wanted: WantedText[],
): WantedText[] {
  return wanted.filter(({ path, value }) => valueAt(data, path) !== value);
}

/**
 * Sets texts in one document of a file. All are set in the tokens that the file was parsed into; then it is parsed once
 * more, and must read as before but for these texts.
 *
 * @returns the new text of the file; `undefined` where nothing has to change
 * @throws InputError for a file that cannot be edited without changing something else
 * @internal
 */
export function editYaml(
  parsed: OpenedYaml,
  document: YamlDocument,
  missing: WantedText[],
): string | undefined {
  const { file, skeleton } = parsed;
  if (missing.length === 0) {
    return undefined;
  }
  const before = parsed.documents.map(({ data }) => data);
  const at = parsed.documents.indexOf(document);
  const expected = missing.reduce(
    (data, { path, value }) => withValue(data, path, value),
    document.data,
  );
  const edited = edit(file, skeleton.text, parsed, document, missing);
  const after = parseYaml(file, edited).documents.map(({ data }) => data);
  const restored = skeleton.restore(edited);
  if (
    restored === undefined ||
    !isDeepStrictEqual(after, at < 0 ? [expected] : before.with(at, expected))
  ) {
    throw new InputError(
      `${file} cannot be edited without changing something else. Set ${missing
        .map(({ path }) => formatPath(path))
        .join(', ')} by hand.`,
    );
  }
  return restored;
}

function edit(
  file: string,
  text: string,
  parsed: ParsedYaml,
  document: YamlDocument,
  missing: WantedText[],
): string {
  const lineBreak = lineBreakOf(text);
  if (!document.token) {
    const lines = newMap(
      missing.map(({ path, value }) => ({ path: path.map(String), value })),
      lineBreak,
    );
    return appendLines(text, CST.stringify(lines));
  }
  for (const { path, value } of missing) {
    setYamlText({ file, document, path, value, lineBreak });
  }
  return parsed.tokens.map(CST.stringify).join('');
}
