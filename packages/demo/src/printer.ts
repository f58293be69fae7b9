import { stripVTControlCharacters, styleText } from 'node:util';
import type { ShownIntegration, TaskEvent } from './portal';

type Style = Parameters<typeof styleText>[0];

const MARKS: Record<string, { mark: string; style: Style }> = {
  pass: { mark: '✔', style: 'green' },
  warn: { mark: '!', style: 'yellow' },
  fail: { mark: '✖', style: 'red' },
  unknown: { mark: '?', style: 'magenta' },
  skipped: { mark: '–', style: 'gray' },
};

const STATE_STYLES: Record<string, Style> = {
  connected: 'green',
  'not-connected': 'gray',
  pending: 'yellow',
};

/**
 * Writes the demo's progress for people, and remembers it for the hunt for secrets.
 *
 * @internal
 */
export class Printer {
  readonly #stream: NodeJS.WritableStream & { isTTY?: boolean };
  #printed = '';

  constructor(stream: NodeJS.WritableStream & { isTTY?: boolean }) {
    this.#stream = stream;
  }

  /** All that was printed so far. */
  printed(): string {
    return this.#printed;
  }

  heading(text: string): void {
    this.#write(`\n${this.#style('bold', text)}\n`);
  }

  line(text: string): void {
    this.#write(`  ${text}\n`);
  }

  taskEvent = ({ type, step, status, message }: TaskEvent): void => {
    const text = plainLine(message);
    if (type === 'completion') {
      this.line(this.#style(status === 'failed' ? 'red' : 'green', text));
      return;
    }
    this.line(
      `${this.#style('gray', (step ?? '').padEnd(12))} ${
        status ? this.#style('bold', text) : text
      }`,
    );
  };

  integration({ state, checks, commands }: ShownIntegration): void {
    const style = STATE_STYLES[state] ?? 'red';
    this.line(`State: ${this.#style(style, state)}`);
    for (const check of checks) {
      const { mark, style: markStyle } = MARKS[check.status];
      this.line(
        `${this.#style(markStyle, mark)} ${check.system.padEnd(10)} ${
          check.title
        }${check.actual ? this.#style('gray', `  ${check.actual}`) : ''}`,
      );
      if (check.status === 'fail' || check.status === 'warn') {
        this.line(
          `             ${[
            ...(check.expected ? [`expected ${check.expected}.`] : []),
            ...(check.remedy ? [check.remedy] : []),
          ].join(' ')}`,
        );
      }
    }
    for (const { command } of commands) {
      this.line(`$ ${command}`);
    }
  }

  #style(style: Style, text: string): string {
    const plain = !this.#stream.isTTY || process.env.NO_COLOR || process.env.CI;
    return plain ? text : styleText(style, text);
  }

  #write(text: string): void {
    this.#printed += text;
    this.#stream.write(text);
  }
}

/** A line of a task's log without its time, its level and its colours. */
function plainLine(message: string): string {
  return stripVTControlCharacters(message)
    .replace(/^\d{4}-\d\d-\d\dT\S+Z\s+/, '')
    .replace(/^info: /, '')
    .trimEnd();
}
