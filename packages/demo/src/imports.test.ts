import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';

/** The path of a relative import or export, static or dynamic. */
const IMPORT = /\b(?:from|import) ?\(?'(\.[^']*)'/g;

/** The production files of a package with the files that each imports, for values or types. */
function readImports(folder: string): Map<string, string[]> {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter(file => /(?<!\.test)\.tsx?$/.test(file))
    .filter(file => !file.includes('__testUtils__'));
  return new Map(
    files.map(file => {
      const text = readFileSync(join(folder, file), 'utf8');
      const imported = [...text.matchAll(IMPORT)].map(([, path]) =>
        normalize(join(dirname(file), path)),
      );
      return [
        file,
        imported.flatMap(path =>
          [
            `${path}.ts`,
            `${path}.tsx`,
            join(path, 'index.ts'),
            join(path, 'index.tsx'),
          ].filter(one => files.includes(one)),
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

const ROOT = join(__dirname, '../../..');

const PACKAGES = ['plugins', 'packages'].flatMap(group =>
  readdirSync(join(ROOT, group))
    .map(name => join(group, name))
    .filter(folder => existsSync(join(ROOT, folder, 'src'))),
);

describe('imports', () => {
  it('should be read in all packages', () => {
    expect(PACKAGES).toContain('packages/sandbox');
    expect(
      readImports(join(ROOT, 'plugins/hoop-authentik-node/src')).get(
        'index.ts',
      ),
    ).toContain(join('core', 'types.ts'));
  });

  // The lint rule import/no-cycle ignores imports of types.
  it.each(PACKAGES)(
    'should form no circle of files in %s, type imports included',
    folder => {
      expect(
        findCircle(readImports(join(ROOT, folder, 'src'))),
      ).toBeUndefined();
    },
  );

  it('should be seen to form a circle', () => {
    expect(
      findCircle(
        new Map([
          ['a', ['b']],
          ['b', ['c', 'd']],
          ['c', []],
          ['d', ['b']],
        ]),
      ),
    ).toEqual(['b', 'd', 'b']);
  });
});
