import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { parse, stringify } from 'yaml';

/** The parts of a package.json that the test changes. */
export interface Manifest {
  name: string;
  version: string;
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
  resolutions?: Record<string, string>;
}

/** The manifests of a portal's packages; the root's is left out. */
export function manifestsOf(portal: string): string[] {
  return readdirSync(join(portal, 'packages'), { withFileTypes: true })
    .filter(entry => entry.isDirectory())
    .map(entry => join(portal, 'packages', entry.name, 'package.json'));
}

export function editText(file: string, edit: (text: string) => string): void {
  writeFileSync(file, edit(readFileSync(file, 'utf8')));
}

/** Replaces a text that must be there. */
export function replaceIn(file: string, old: string, replacement: string) {
  editText(file, text => {
    if (!text.includes(old)) {
      throw new Error(`${file} does not contain: ${old}`);
    }
    return text.replace(old, () => replacement);
  });
}

export function editJson<T = Record<string, unknown>>(
  file: string,
  edit: (content: T) => void,
): void {
  editText(file, text => {
    const content: T = JSON.parse(text);
    edit(content);
    return `${JSON.stringify(content, null, 2)}\n`;
  });
}

export function writeNew(file: string, content: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
}

/** Adds to a YAML or JSON file: maps are merged, lists continued. The file is created if it does not exist. */
export function mergeInto(file: string, addition: unknown): void {
  const present = existsSync(file) ? parse(readFileSync(file, 'utf8')) : {};
  const merged = merge(present ?? {}, addition);
  writeNew(
    file,
    file.endsWith('.json')
      ? `${JSON.stringify(merged, null, 2)}\n`
      : stringify(merged),
  );
}

function merge(present: unknown, addition: unknown): unknown {
  if (Array.isArray(present) && Array.isArray(addition)) {
    return [...present, ...addition];
  }
  if (isMap(present) && isMap(addition)) {
    const merged = { ...present };
    for (const [key, value] of Object.entries(addition)) {
      merged[key] = key in merged ? merge(merged[key], value) : value;
    }
    return merged;
  }
  return addition;
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
