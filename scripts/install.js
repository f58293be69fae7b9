#!/usr/bin/env node
/**
 * Installs the workspace when node_modules is missing or older than the lock file, so that `npm run demo`, `npm test`
 * and `npm start` work on a bare clone with nothing but Node and npm.
 */
const { spawnSync } = require('node:child_process');
const { existsSync, statSync, utimesSync } = require('node:fs');
const { dirname, join } = require('node:path');

const root = dirname(__dirname);
const { packageManager } = require(join(root, 'package.json'));
const yarnVersion = packageManager.split('@').pop();

/** Yarn's record of what is installed, with the node-modules linker; its time is that of the last install by this script. */
const installState = join(root, 'node_modules', '.yarn-state.yml');

function isInstalled() {
  return (
    existsSync(installState) &&
    statSync(installState).mtimeMs >=
      statSync(join(root, 'yarn.lock')).mtimeMs &&
    statSync(installState).mtimeMs >=
      statSync(join(root, 'package.json')).mtimeMs
  );
}

/**
 * Native addons build against the headers that came with the running Node where they exist, instead of downloading
 * them again.
 */
function headersOfRunningNode() {
  const prefix = dirname(dirname(process.execPath));
  return existsSync(join(prefix, 'include', 'node', 'node.h'))
    ? { npm_config_nodedir: prefix }
    : {};
}

if (process.argv.includes('--force') || !isInstalled()) {
  process.stderr.write(
    'Installing dependencies (a few minutes the first time)…\n',
  );
  const { status, stdout, error } = spawnSync(
    process.platform === 'win32' ? 'npx.cmd' : 'npx',
    ['--yes', `@yarnpkg/cli-dist@${yarnVersion}`, 'install', '--immutable'],
    {
      cwd: root,
      env: { ...process.env, ...headersOfRunningNode(), FORCE_COLOR: '0' },
      stdio: ['ignore', 'pipe', 'inherit'],
      encoding: 'utf8',
      maxBuffer: 64 * 1024 * 1024,
    },
  );
  if (status !== 0) {
    process.stderr.write(`${stdout ?? ''}\n${error ? error.message : ''}\n`);
    process.stderr.write(
      'The installation failed: the lines above say which package could not be fetched or built.\n',
    );
    process.exit(status ?? 1);
  }
  // Yarn leaves the file alone when nothing changed.
  const now = new Date();
  utimesSync(installState, now, now);
  process.stderr.write('Dependencies installed.\n');
}
