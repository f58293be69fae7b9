import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fieldOutcome } from '../src/field/fieldTable';

const ROOT = resolve(__dirname, '../../..');

/**
 * Runs the tests that hold the plugins to inputs as companies have them, and prints the kinds with their variants. Further
 * arguments go to the test runner.
 */
async function main(): Promise<number> {
  const directory = await mkdtemp(join(tmpdir(), 'field-'));
  const report = join(directory, 'report.json');
  try {
    const run = spawn(
      process.execPath,
      [
        ...[join(ROOT, 'node_modules/.bin/backstage-cli'), 'repo', 'test'],
        ...['--watchAll=false', '--json', `--outputFile=${report}`],
        ...['--passWithNoTests', '--testPathPatterns', '\\.field\\.test\\.ts$'],
        ...process.argv.slice(2),
      ],
      // The report goes to the file; what Jest prints beside it says the same.
      { cwd: ROOT, stdio: ['ignore', 'ignore', 'pipe'] },
    );
    let said = '';
    run.stderr.on('data', chunk => {
      said = `${said}${chunk}`.slice(-20_000);
    });
    const [code] = await once(run, 'close');
    const text = await readFile(report, 'utf8').catch(() => undefined);
    if (text === undefined) {
      process.stderr.write(`${said}\nThe tests left no report\n`);
      return 1;
    }
    const { lines, good } = fieldOutcome(JSON.parse(text));
    process.stdout.write(`${lines.join('\n')}\n`);
    if (good && code !== 0) {
      process.stderr.write(`${said}\nThe test runner ended with ${code}\n`);
    }
    return good && code === 0 ? 0 : 1;
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

main().then(
  code => {
    process.exitCode = code;
  },
  error => {
    process.stderr.write(`${error instanceof Error ? error.stack : error}\n`);
    process.exitCode = 1;
  },
);
