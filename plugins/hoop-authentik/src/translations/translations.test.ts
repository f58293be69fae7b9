import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CAUSE_IDS, CHECK_IDS } from 'backstage-plugin-hoop-authentik-common';
import german from './de';

const SRC = join(__dirname, '..');

/** Text between tags, and the attributes that people read, without a call of `t`. */
const LITERAL =
  /(?:<\/?\w[\w.]*(?:\s[^<>{}]*)?>|\}|^)\s*([A-Z][a-z]+(?: [\w’']+)+[.?!]?)\s*<|\b(?:aria-label|title|placeholder|label|alt|helperText|titleAccess)="([^"{]*[a-z][^"{]*)"/gm;

function components(folder = SRC): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap(entry => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      return entry.name.startsWith('__') ? [] : components(path);
    }
    return /\.tsx$/.test(path) && !/\.test\.tsx$/.test(path) ? [path] : [];
  });
}

/** Names and patterns that are the same in every language. */
const SAME =
  /^(authentik|Kubernetes|Gateways?|Problem|Version|·? ?\{\{.*\}\}|Version \{\{version\}\})$/;

describe('translations', () => {
  it('should find text that is not translatable', () => {
    const found = [
      ...'<p>Not for translation</p> <b title="x">'.matchAll(LITERAL),
    ];
    expect(found.map(([, text, label]) => text ?? label)).toEqual([
      'Not for translation',
      'x',
    ]);
  });

  it('should have words of its own for every check and cause', () => {
    const texts = german.messages as Record<string, string>;
    const untranslated = [...CHECK_IDS, ...CAUSE_IDS].filter(
      id =>
        !/[a-zäöü]{3}/.test(texts[`checkTitle.${id}`]) ||
        !/[a-zäöü]{3}/.test(texts[`checkRemedy.${id}`]),
    );
    expect(untranslated).toEqual([]);
  });

  it('should have no text outside the messages', () => {
    const files = components();
    expect(files.length).toBeGreaterThan(25);
    const found = files.flatMap(path =>
      [...readFileSync(path, 'utf8').matchAll(LITERAL)].map(
        ([, text, label]) => `${path.slice(SRC.length)}: ${text ?? label}`,
      ),
    );
    expect(found).toEqual([]);
  });

  it('should keep every placeholder, and leave no message in English', () => {
    const source = readFileSync(join(SRC, 'translation.ts'), 'utf8');
    const english = [...source.matchAll(/'((?:[^'\\]|\\.)*)'/g)].map(
      ([, text]) => text,
    );
    const placeholders = (text: string) =>
      [...text.matchAll(/\{\{\s*(\w+)/g)].map(([, name]) => name).sort();
    const known = english.map(text => placeholders(text).join());

    const texts = Object.values(german.messages).map(String);
    expect(texts.length).toBeGreaterThan(150);
    expect(
      texts.filter(text => !known.includes(placeholders(text).join())),
    ).toEqual([]);
    expect(
      texts.filter(text => !SAME.test(text) && english.includes(text)),
    ).toEqual([]);
  });
});
