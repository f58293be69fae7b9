import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A code block of a README, or a link to the next one, that carries a marker `<!-- adopter: ACTION ARGUMENT -->`. */
export interface Instruction {
  /** File and line, for messages. */
  place: string;
  action: string;
  argument: string;
  code: string;
}

/** A marker, and the fenced code block that follows it. */
const MARKED =
  /^[ \t]*<!-- adopter: (\S+) ?(.*?) -->\n(?:\s*^[ \t]*```(?:\w*)\n([\s\S]*?)^[ \t]*```$)?/gm;

/** The marked blocks of a README in the order in which a reader meets them. */
export function readInstructions(root: string, file: string): Instruction[] {
  const text = readFileSync(join(root, file), 'utf8');
  const instructions = [...text.matchAll(MARKED)].map(match => ({
    place: `${file}:${text.slice(0, match.index).split('\n').length}`,
    action: match[1],
    argument: match[2],
    code: match[3] ?? '',
  }));
  if (instructions.length === 0) {
    throw new Error(`${file} has no marked block to follow`);
  }
  return instructions.flatMap(instruction =>
    instruction.action === 'follow'
      ? readInstructions(root, instruction.argument)
      : [instruction],
  );
}
