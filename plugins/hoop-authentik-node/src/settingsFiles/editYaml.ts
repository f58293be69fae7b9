import { isDeepStrictEqual } from 'node:util';
import { InputError } from '@backstage/errors';
import { CST } from 'yaml';
import { appendLines, lineBreakOf } from './filePatch';
import { parseYaml, type ParsedYaml, type YamlDocument } from './parseYaml';
import { newMap, setYamlText } from './setYamlText';
import { formatPath, valueAt, withValue, type YamlPath } from './yamlPath';

/** A text that a document must have. @internal */
export interface WantedText {
  path: YamlPath;
  value: string;
}

/** The texts that a document does not have yet. @internal */
export function missingFrom(
  { data }: YamlDocument,
  wanted: WantedText[],
): WantedText[] {
  return wanted.filter(({ path, value }) => valueAt(data, path) !== value);
}

/**
 * Sets texts in one document of a file. All are set in the tokens that the file was parsed into; then the file is parsed
 * once more, and must read as before but for these texts.
 *
 * @throws InputError for a file that cannot be edited without changing something else
 * @internal
 */
export function editYaml(
  file: string,
  text: string,
  parsed: ParsedYaml,
  document: YamlDocument,
  missing: WantedText[],
): string {
  if (missing.length === 0) {
    return text;
  }
  const before = parsed.documents.map(({ data }) => data);
  const at = parsed.documents.indexOf(document);
  const expected = missing.reduce(
    (data, { path, value }) => withValue(data, path, value),
    document.data,
  );
  const edited = edit(file, text, parsed, document, missing);
  const after = parseYaml(file, edited).documents.map(({ data }) => data);
  if (
    !isDeepStrictEqual(after, at < 0 ? [expected] : before.with(at, expected))
  ) {
    throw new InputError(
      `${file} cannot be edited without changing something else. Set ${missing
        .map(({ path }) => formatPath(path))
        .join(', ')} by hand.`,
    );
  }
  return edited;
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
