import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { openApiDocument } from './openApiDocument';

const FILE = resolve(__dirname, '../../openapi.json');

describe('openapi.json', () => {
  it('should be what the schemas say; UPDATE_OPENAPI=1 writes it', () => {
    const generated = openApiDocument();
    if (process.env.UPDATE_OPENAPI) {
      writeFileSync(FILE, `${JSON.stringify(generated, null, 2)}\n`);
    }
    expect(JSON.parse(readFileSync(FILE, 'utf8'))).toEqual(
      JSON.parse(JSON.stringify(generated)),
    );
  });

  it('should resolve every reference, and repeat no operation', () => {
    const text = JSON.stringify(openApiDocument());
    const { components, paths } = openApiDocument();
    for (const [, name] of text.matchAll(/"#\/components\/schemas\/(\w+)"/g)) {
      expect(components.schemas).toHaveProperty(name);
    }
    expect(text).not.toContain('"#/$defs');
    const ids = Object.values(paths)
      .flatMap(methods => Object.values(methods))
      .map(operation => (operation as { operationId: string }).operationId);
    expect(new Set(ids).size).toBe(ids.length);
  });
});
