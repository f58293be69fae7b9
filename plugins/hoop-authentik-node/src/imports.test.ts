import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';

/** The path of a relative import or export, static or dynamic. */
const IMPORT = /\b(?:from|import) ?\(?'(\.[^']*)'/g;

/** The production files of this package with the files that each imports, for values or types. */
function readImports(): Map<string, string[]> {
  const files = readdirSync(__dirname, { recursive: true, encoding: 'utf8' })
    .filter(file => /(?<!\.test)\.ts$/.test(file))
    .filter(file => !file.includes('__testUtils__'));
  return new Map(
    files.map(file => {
      const text = readFileSync(join(__dirname, file), 'utf8');
      const imported = [...text.matchAll(IMPORT)].map(([, path]) =>
        normalize(join(dirname(file), path)),
      );
      return [
        file,
        imported.flatMap(path =>
          [`${path}.ts`, join(path, 'index.ts')].filter(one =>
            files.includes(one),
          ),
        ),
      ];
    }),
  );
}

/** A path of imports that leads from a file back to itself. */
function findCircle(imports: Map<string, string[]>): string[] | undefined {
  const done = new Set<string>();
  const visit = (file: string, path: string[]): string[] | undefined => {
    if (path.includes(file)) {
      return [...path.slice(path.indexOf(file)), file];
    }
    if (done.has(file)) {
      return undefined;
    }
    for (const imported of imports.get(file) ?? []) {
      const circle = visit(imported, [...path, file]);
      if (circle) {
        return circle;
      }
    }
    done.add(file);
    return undefined;
  };
  for (const file of imports.keys()) {
    const circle = visit(file, []);
    if (circle) {
      return circle;
    }
  }
  return undefined;
}

describe('imports of this package', () => {
  // The lint rule import/no-cycle ignores imports of types.
  it('should form no circle of files, type imports included', () => {
    const imports = readImports();

    expect(imports.get('index.ts')).toContain(join('core', 'types.ts'));
    expect(findCircle(imports)).toBeUndefined();
  });
});
