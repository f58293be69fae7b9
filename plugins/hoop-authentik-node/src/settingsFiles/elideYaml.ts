import { outlineOf, type OutlineEntry } from './yamlOutline';

/** Smaller files are parsed whole. */
const SMALLEST = 16 * 1024;

/** Entries that are read as a whole. */
const WHOLE = new Set(['sops', 'metadata']);

/** Shorter parts are not worth it. */
const SHORTEST_LINES = 8;

/** A file of which only the part that matters is parsed. @internal */
export interface Skeleton {
  text: string;
  /** The line of the file that a line of the text is. */
  lineOf(line: number): number;
  /** The file with the edits of the text; `undefined` where these took a part away. */
  restore(edited: string): string | undefined;
}

interface Part {
  /** Lines of the file, and the one that stands for them in the text. */
  start: number;
  end: number;
  line: number;
  text: string;
}

/**
 * Puts one line in the place of entries that no edit can concern, so that a file of any length is parsed in the time of a
 * short one: the parser takes a second for a megabyte. Only what is recognised line by line as an entry of its own is left
 * out, and it comes back byte for byte.
 *
 * @param kept - keys whose entries may matter
 * @internal
 */
export function elideYaml(
  text: string,
  kept: ReadonlySet<string>,
  smallest: number = SMALLEST,
): Skeleton {
  const whole = {
    text,
    lineOf: (line: number) => line,
    restore: (edited: string) => edited,
  };
  // Outside of one map of one document, lines that look alike may differ.
  if (text.length < smallest || /\n---|^(\.\.\.|%|\uFEFF|\t)/m.test(text)) {
    return whole;
  }
  const lines = text.split('\n');
  const root = outlineOf(
    text.includes('\r') ? lines.map(line => line.replace(/\r$/, '')) : lines,
  );
  if (!root) {
    return whole;
  }
  const runs = runsIn(root, kept);
  const name = unusedName(text);
  const parts: Part[] = [];
  const skeleton: string[] = [];
  let next = 0;
  for (const { start, end, column } of runs) {
    skeleton.push(...lines.slice(next, start));
    const part = lines.slice(start, end).join('\n');
    parts.push({ start, end, line: skeleton.length + 1, text: part });
    skeleton.push(
      `${' '.repeat(column)}${name}${parts.length}: 0${
        part.endsWith('\r') ? '\r' : ''
      }`,
    );
    next = end;
  }
  skeleton.push(...lines.slice(next));
  return {
    text: skeleton.join('\n'),
    lineOf: line =>
      parts
        .filter(part => part.line < line)
        .reduce((sum, part) => sum + part.end - part.start - 1, line),
    restore: edited => {
      let count = 0;
      const restored = edited.replace(
        new RegExp(`^ *${name}\\d+: 0\\r?$`, 'gm'),
        () => parts[count++]?.text ?? '',
      );
      return count === parts.length ? restored : undefined;
    },
  };
}

/** The longest runs of entries that can be left out; never the first and last ones of a map, which show its style. */
function runsIn(
  entries: OutlineEntry[],
  kept: ReadonlySet<string>,
): OutlineEntry[] {
  const runs: OutlineEntry[] = [];
  const firstNested = entries.find(({ maps }) => maps.length > 0);
  let run: OutlineEntry | undefined;
  const close = () => {
    if (run && run.end - run.start >= SHORTEST_LINES) {
      runs.push(run);
    }
    run = undefined;
  };
  for (const [index, entry] of entries.entries()) {
    const isEdge =
      index === 0 || index === entries.length - 1 || entry === firstNested;
    if (!isEdge && isForeign(entry, kept)) {
      run = { ...(run ?? entry), end: entry.end };
      continue;
    }
    close();
    if (!WHOLE.has(entry.key)) {
      runs.push(...entry.maps.flatMap(map => runsIn(map, kept)));
    }
  }
  close();
  return runs;
}

function isForeign(entry: OutlineEntry, kept: ReadonlySet<string>): boolean {
  return (
    !entry.odd &&
    !kept.has(entry.key) &&
    entry.maps.every(map => map.every(inner => isForeign(inner, kept)))
  );
}

/** A key that the file does not have. */
function unusedName(text: string): string {
  let name = 'elided-';
  while (text.includes(name)) {
    name = `x${name}`;
  }
  return name;
}
