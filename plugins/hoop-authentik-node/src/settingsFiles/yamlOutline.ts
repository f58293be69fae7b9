import { readYamlLine, type YamlLine } from './yamlLines';

/** An entry of a block map, with the lines that it takes. @internal */
export interface OutlineEntry {
  key: string;
  column: number;
  /** Its first line, and the one behind its last. */
  start: number;
  end: number;
  /** Whether some of its lines were not recognised. */
  odd: boolean;
  /** Entries of the maps within it. */
  maps: OutlineEntry[][];
}

class RepeatedKey extends Error {}

interface Frame {
  column: number;
  kind: 'map' | 'list';
  /** Of a map. */
  entries: OutlineEntry[];
  keys: Set<string>;
}

/**
 * Finds the entries of the block maps in lines of YAML by their columns, without parsing them.
 *
 * @returns the outermost map, or `undefined` where a key occurs twice
 * @internal
 */
export function outlineOf(lines: string[]): OutlineEntry[] | undefined {
  const root: OutlineEntry[][] = [];
  const stack: Frame[] = [];
  /** Whether the last entry has no value yet, so that lines further in belong to it. */
  let pending = true;

  /** The entries that a line belongs to end behind it, and are no plainer than it. */
  const extend = (end: number, odd: boolean) => {
    for (const { entries } of stack) {
      const entry = entries[entries.length - 1];
      if (entry) {
        entry.end = end;
        entry.odd ||= odd;
      }
    }
  };
  const push = (column: number, kind: Frame['kind']) => {
    const frame: Frame = { column, kind, entries: [], keys: new Set() };
    if (kind === 'map') {
      const parent = stack.findLast(({ entries }) => entries.length > 0);
      (parent?.entries.at(-1)?.maps ?? root).push(frame.entries);
    }
    stack.push(frame);
  };
  /** Goes to the collection at a column; whether the line can belong to it. */
  const enter = (column: number, kind: Frame['kind']): boolean => {
    while (stack.length > 0 && stack.at(-1)!.column > column) {
      stack.pop();
    }
    const top = stack.at(-1);
    if (top?.column === column && top.kind === 'list' && kind === 'map') {
      stack.pop();
      return stack.at(-1)?.column === column && stack.at(-1)?.kind === 'map';
    }
    if (top?.column === column && top.kind === kind) {
      return true;
    }
    const fits = pending && (!top || top.column < column || kind === 'list');
    if (fits) {
      push(column, kind);
    }
    return fits;
  };
  const take = (line: YamlLine, at: number): boolean => {
    for (const dash of line.dashes) {
      if (!enter(dash, 'list')) {
        return false;
      }
      pending = true;
    }
    if (line.key !== undefined) {
      if (!enter(line.column, 'map')) {
        return false;
      }
      const { entries, keys } = stack.at(-1)!;
      if (keys.has(line.key)) {
        throw new RepeatedKey();
      }
      keys.add(line.key);
      entries.push({
        key: line.key,
        column: line.column,
        start: at,
        end: at + 1,
        odd: false,
        maps: [],
      });
    }
    pending = line.value === undefined;
    return true;
  };

  try {
    for (let at = 0; at < lines.length; at++) {
      const text = lines[at];
      const column = text.search(/[^ ]/);
      if (column < 0 || text[column] === '#') {
        continue;
      }
      const line = readYamlLine(text);
      const odd = !line || !take(line, at);
      if (odd) {
        while (stack.length > 1 && stack.at(-1)!.column > column) {
          stack.pop();
        }
        pending = true;
      }
      const end =
        line?.value === 'block' ? endOfBlock(lines, at, line) : at + 1;
      extend(Math.abs(end), odd || end < 0);
      at = Math.abs(end) - 1;
    }
  } catch (error) {
    if (error instanceof RepeatedKey) {
      return undefined;
    }
    throw error;
  }
  return root[0] ?? [];
}

/** The line behind a block scalar; negative where its indentation is not plain. */
function endOfBlock(lines: string[], at: number, line: YamlLine): number {
  const parent = line.key === undefined ? line.dashes.at(-1)! : line.column;
  let end = at + 1;
  let first: number | undefined;
  for (let next = at + 1; next < lines.length; next++) {
    const column = lines[next].search(/[^ ]/);
    if (column >= 0 && column <= parent) {
      break;
    }
    if (column >= 0) {
      first ??= column;
      if (column < first) {
        return -(next + 1);
      }
      end = next + 1;
    } else if (first === undefined && lines[next] !== '') {
      return -(next + 1);
    }
  }
  return end;
}
