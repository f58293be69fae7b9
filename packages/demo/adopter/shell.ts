import { spawn } from 'node:child_process';
import { appendFileSync } from 'node:fs';
import { delimiter } from 'node:path';

/** Where commands run, and where their output is kept. */
export interface Shell {
  env: NodeJS.ProcessEnv;
  logFile: string;
}

/** How long a command may take on a slow machine with an empty cache. */
const LIMIT_MS = 20 * 60_000;

/** The end of the output that an error shows. */
const SHOWN_LINES = 40;

/**
 * A person's environment: without what npm hands to the scripts that it runs, and without what makes Yarn refuse to change a lock
 * file.
 */
export function personalEnvironment(
  binaries: string,
  additions: Record<string, string>,
): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(
    ([name]) => !/^(npm_|CI$|NODE_ENV$|NODE_OPTIONS$|INIT_CWD$)/i.test(name),
  );
  return {
    ...Object.fromEntries(inherited),
    PATH: [binaries, process.env.PATH].join(delimiter),
    FORCE_COLOR: '0',
    NO_COLOR: '1',
    ...additions,
  };
}

/**
 * Runs lines of bash, which stop at the first failure.
 *
 * @returns its standard output
 * @throws Error with the end of its output, unless it ends with the expected code
 */
export async function bash(
  shell: Shell,
  cwd: string,
  script: string,
  { expectedCode = 0 } = {},
): Promise<string> {
  appendFileSync(shell.logFile, `\n$ ${script}\n`);
  const child = spawn('bash', ['-euo', 'pipefail', '-c', script], {
    cwd,
    env: shell.env,
    stdio: ['ignore', 'pipe', 'pipe'],
    // A group of its own: what a package manager starts ends with it.
    detached: true,
  });
  const all: string[] = [];
  const out: string[] = [];
  child.stdout.on('data', chunk => {
    out.push(String(chunk));
    all.push(String(chunk));
    appendFileSync(shell.logFile, chunk);
  });
  child.stderr.on('data', chunk => {
    all.push(String(chunk));
    appendFileSync(shell.logFile, chunk);
  });
  const timer = setTimeout(() => endGroup(child.pid), LIMIT_MS);
  const code = await new Promise<number | null>((done, failed) => {
    child.once('error', failed);
    child.once('close', done);
  });
  clearTimeout(timer);
  if (code !== expectedCode) {
    throw new Error(
      `${script}\nended with ${code}, expected ${expectedCode}. The end of its output:\n${lastLines(
        all.join(''),
      )}`,
    );
  }
  return out.join('');
}

/** Ends a command together with everything that it started. */
export function endGroup(
  pid: number | undefined,
  signal: NodeJS.Signals = 'SIGKILL',
): void {
  try {
    process.kill(-(pid ?? NaN), signal);
  } catch {
    // It has ended already.
  }
}

export function lastLines(text: string): string {
  return text.trimEnd().split('\n').slice(-SHOWN_LINES).join('\n');
}
