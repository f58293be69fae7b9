import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';

const ROOT = resolve(__dirname, '../../../..');

/** Words that read as no native operator would write them; design of the texts: subject, what failed, why, what to do. */
const BANNED =
  /\b(mend(s|ed|ing)?|somebody|nobody|beats|as required|(is|are|was|were|been) told|tells|worth a look|put in order|at once|in such a way)\b/gi;

const SKIPPED = ['node_modules', 'dist', '__fixtures__', '__snapshots__'];

/** Texts that people read: messages, comments, templates and documents, but not the words that tests make up. */
function isRead(path: string): boolean {
  return (
    /^(plugins\/[^/]+\/(src|migrations|README\.md|config\.d\.ts)|templates\/|docs\/|README\.md|CONTRIBUTING\.md|SECURITY\.md)/.test(
      path,
    ) &&
    /\.(tsx?|js|md|ya?ml)$/.test(path) &&
    !/\.test\.tsx?$|__testUtils__/.test(path)
  );
}

function filesBelow(directory: string): string[] {
  return readdirSync(directory)
    .filter(name => !name.startsWith('.') && !SKIPPED.includes(name))
    .map(name => join(directory, name))
    .flatMap(path =>
      statSync(path).isDirectory() ? filesBelow(path) : [path],
    );
}

describe('the voice of the texts', () => {
  it('should find a banned phrase where there is one', () => {
    expect('It is mended at once'.match(BANNED)).toEqual(['mended', 'at once']);
  });

  it('should have none of the banned phrases', () => {
    const files = filesBelow(ROOT)
      .map(path => relative(ROOT, path))
      .filter(isRead);
    expect(files.length).toBeGreaterThan(150);
    const found = files.flatMap(path =>
      readFileSync(join(ROOT, path), 'utf8')
        .split('\n')
        // Its tables quote the titles of recordings.
        .map(line =>
          path === 'docs/sandbox.md' ? line.replace(/^\|.*/, '') : line,
        )
        .flatMap((line, index) =>
          (line.match(BANNED) ?? []).map(
            phrase => `${path}:${index + 1}: ${phrase}`,
          ),
        ),
    );
    expect(found).toEqual([]);
  });
});
