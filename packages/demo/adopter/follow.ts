import { join } from 'node:path';
import { parse } from 'yaml';
import { mergeInto, replaceIn, writeNew, editText } from './portalFiles';
import type { Instruction } from './readme';
import { bash, type Shell } from './shell';

/** A portal to which instructions are applied. */
export interface FollowOptions {
  portal: string;
  shell: Shell;
  /** What stands for the adopter's own servers: the README's example on the left, the value on the right. */
  values: Record<string, string>;
}

/** The README's example values that were replaced, so that none is left over. */
export class Follower {
  readonly #options: FollowOptions;
  readonly #replaced = new Set<string>();

  constructor(options: FollowOptions) {
    this.#options = options;
  }

  /** Does what one instruction says, as it says it. */
  async follow({ place, action, argument, code }: Instruction): Promise<void> {
    try {
      await this.#actions[action](argument, code);
    } catch (error) {
      throw new Error(
        `${place}: ${error instanceof Error ? error.message : error}`,
      );
    }
  }

  /** Example values that no instruction contained. */
  unused(): string[] {
    return Object.keys(this.#options.values).filter(
      value => !this.#replaced.has(value),
    );
  }

  readonly #actions: Record<
    string,
    (argument: string, code: string) => Promise<void>
  > = {
    run: async (_, code) => {
      await bash(this.#options.shell, this.#options.portal, code);
    },
    merge: async (file, code) =>
      mergeInto(this.#path(file), this.#withValues(parse(code))),
    write: async (file, code) => writeNew(this.#path(file), code),
    'insert-before': async (anchor, code) => {
      replaceIn(this.#path(fileNamedIn(code)), anchor, `${code}${anchor}`);
    },
    diff: async (_, code) => this.#applyDiff(code),
    'entity-page': async (_, code) => this.#addCard(code),
  };

  #path(file: string): string {
    return join(this.#options.portal, file);
  }

  #withValues(content: unknown): unknown {
    if (typeof content === 'string') {
      const value = this.#options.values[content];
      if (value === undefined) {
        return content;
      }
      this.#replaced.add(content);
      return value;
    }
    if (Array.isArray(content)) {
      return content.map(item => this.#withValues(item));
    }
    if (content && typeof content === 'object') {
      return Object.fromEntries(
        Object.entries(content).map(([key, value]) => [
          key,
          this.#withValues(value),
        ]),
      );
    }
    return content;
  }

  #applyDiff(code: string): void {
    const lines = code.trimEnd().split('\n');
    const side = (sign: string) =>
      lines
        .filter(line => line.startsWith(sign))
        .map(line => `${line.slice(1)}\n`)
        .join('');
    replaceIn(this.#path(fileNamedIn(code)), side('-'), side('+'));
  }

  /** Adds the imports and the card of the README's example to the overview of the legacy app. */
  #addCard(code: string): void {
    const named = fileNamedIn(code);
    const legacy = 'packages/app-legacy';
    const page = this.#path(named.replace('packages/app', legacy));
    const imports = /^import[\s\S]*?;\n/m.exec(code)?.[0];
    const card =
      /\{\/\* the other cards \*\/\}\n([\s\S]*?)^ {2}<\/Grid>\n/m.exec(
        code,
      )?.[1];
    if (!imports || !card) {
      throw new Error('no import or no card is found in the example');
    }
    editText(page, text => `${imports}${text}`);
    replaceIn(page, '  </Grid>\n);\n', `${card}  </Grid>\n);\n`);
  }
}

/** Examples begin with a comment that names their file. */
function fileNamedIn(code: string): string {
  const file = /^\s*(?:\/\/|#) (\S+)$/m.exec(code)?.[1];
  if (!file) {
    throw new Error('the example does not name its file in a comment');
  }
  return file;
}
