import assert from 'node:assert/strict';
import { execFile, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ROOT = join(__dirname, '../../../..');

/** Discovery is cached by address, which another cluster may have had. */
const CACHE = join(tmpdir(), `contract-kubectl-${process.pid}`);
process.on('exit', () => rmSync(CACHE, { recursive: true, force: true }));

/** Why commands cannot be driven here; `false` where they can. */
export const withoutKubectl: string | false =
  spawnSync('kubectl', ['version', '--client'], { stdio: 'ignore' }).status ===
  0
    ? false
    : 'kubectl is not installed here';

/** How a command ended. */
export interface Outcome {
  code: number;
  stdout: string;
  stderr: string;
}

/**
 * Runs a line as a reader does who copied it.
 *
 * @param env - variables that the line reads
 */
export async function runLine(
  kubeconfig: string,
  line: string,
  env: Record<string, string> = {},
): Promise<Outcome> {
  return new Promise(resolve => {
    execFile(
      'bash',
      ['--norc', '-c', line],
      {
        env: {
          PATH: process.env.PATH,
          KUBECONFIG: kubeconfig,
          KUBECACHEDIR: CACHE,
          ...env,
        },
        timeout: 60_000,
      },
      (error, stdout, stderr) =>
        resolve({
          code: error ? Number(error.code) : 0,
          stdout: stdout.trim(),
          stderr: stderr.trim(),
        }),
    );
  });
}

/** Every line of docs and READMEs with kubectl. docs/sandbox.md names what the sandbox lacks. */
export function linesOfDocs(): string[] {
  const readmes = ['packages', 'plugins'].flatMap(folder =>
    readdirSync(join(ROOT, folder)).map(name =>
      join(folder, name, 'README.md'),
    ),
  );
  const pages = [
    'README.md',
    'CONTRIBUTING.md',
    ...readmes.filter(page => existsSync(join(ROOT, page))),
    ...readdirSync(join(ROOT, 'docs'))
      .filter(name => name.endsWith('.md') && name !== 'sandbox.md')
      .map(name => join('docs', name)),
  ];
  return pages.flatMap(page =>
    [
      ...readFileSync(join(ROOT, page), 'utf8').matchAll(
        /(?:^|`)(kubectl [^`\n]+)/gm,
      ),
    ].map(([, line]) => line),
  );
}

/** The command of a line: `kubectl -n hoop create secret generic x` is `create secret generic x`. */
export function commandOf(line: string): string {
  return line.replace(/^kubectl (?:-n \S+ |--kubeconfig \S+ )*/, '');
}

export function lineWith(command: string): string {
  const line = linesOfDocs().find(one => commandOf(one).startsWith(command));
  assert.ok(line, `the docs have no line with kubectl ${command}`);
  return line;
}
