#!/usr/bin/env node
/**
 * Builds the plugins and packs each into dist/<package name>.tgz, the form in which a registry would serve them, for a portal that
 * installs them before they are published.
 */
const { spawnSync } = require('node:child_process');
const { mkdirSync } = require('node:fs');
const { dirname, join } = require('node:path');

const root = dirname(__dirname);
const { packageManager } = require(join(root, 'package.json'));
const yarnVersion = packageManager.split('@').pop();
const directory = join(root, 'dist');

function run(command, ...args) {
  const { status, error } = spawnSync(command, args, {
    cwd: root,
    stdio: 'inherit',
  });
  if (status !== 0) {
    process.stderr.write(
      `${[command, ...args].join(' ')} failed${
        error ? `: ${error.message}` : ''
      }\n`,
    );
    process.exit(status ?? 1);
  }
}

const bin = name => join(root, 'node_modules', '.bin', name);

mkdirSync(directory, { recursive: true });
run(bin('tsc'));
run(bin('backstage-cli'), 'repo', 'build');
run(
  process.platform === 'win32' ? 'npx.cmd' : 'npx',
  '--yes',
  `@yarnpkg/cli-dist@${yarnVersion}`,
  ...['workspaces', 'foreach', '--all', '--no-private'],
  ...['pack', '--out', join(directory, '%s.tgz')],
);
process.stderr.write(`Packed into ${directory}\n`);
