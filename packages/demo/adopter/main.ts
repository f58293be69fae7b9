import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startSandboxProcess, type SandboxProcess } from 'sandbox';
import { freePort, ROOT } from '../src/backendProcess';
import {
  fitToMachine,
  followReadme,
  prove,
  useBuiltAddon,
  type Adoption,
} from './adoption';
import { createApps, cutDown, installTools } from './createPortal';
import { readInstructions } from './readme';
import { putOnRelease, RELEASES, type Release } from './releases';
import { bash, personalEnvironment, type Shell } from './shell';
import { Steps } from './steps';

const usage = `Usage: npm run test:adopter -- [options]

Packs the plugins, makes a new portal with create-app, follows README.md in it and connects a gateway of the sandbox.
First on Backstage 1.55, which create-app makes, then in the same portal on 1.57.

  --only 1.55|1.57   one release; with 1.57 the portal is put on it before the README is followed
  --packed           take the tarballs that are in dist/ instead of packing them again
  --keep             keep the portal, and print where it is
  --help`;

function parseCommandLine() {
  const { values } = parseArgs({
    options: {
      only: { type: 'string' },
      packed: { type: 'boolean', default: false },
      keep: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const releases = RELEASES.filter(
    release => !values.only || values.only === release,
  );
  if (releases.length === 0) {
    throw new Error(`--only takes ${RELEASES.join(' or ')}`);
  }
  return { ...values, releases };
}

/** The line of the README that packs the plugins. */
const PACKING = /^.* npm run pack:plugins\)$/m;

/** The whole test in a directory of its own. */
async function adopt(
  directory: string,
  { releases, packed }: { releases: Release[]; packed?: boolean },
  steps: Steps,
): Promise<void> {
  const tools = join(directory, 'tools');
  const portal = join(directory, 'portal');
  const shell: Shell = {
    logFile: join(directory, 'log.txt'),
    env: personalEnvironment(join(tools, 'node_modules/.bin'), {
      BACKSTAGE_APP_NAME: 'portal',
    }),
  };
  const instructions = readInstructions(ROOT, 'README.md').map(one => ({
    ...one,
    code: packed ? one.code.replace(PACKING, '') : one.code,
  }));
  const doctor = instructions.find(({ action }) => action === 'doctor');
  if (!doctor) {
    throw new Error('README.md has no block that is marked as the doctor');
  }
  // The clone next to the portal from which the README packs and copies.
  symlinkSync(ROOT, join(directory, 'backstage-plugin-hoop-authentik'));

  let sandbox: SandboxProcess | undefined;
  try {
    steps.begin(releases[0]);
    await steps.run('create-app', async () => {
      await installTools(tools, yarnVersion(), shell);
      await createApps(directory, tools, shell);
      cutDown(portal, join(directory, 'legacy'));
    });
    await steps.run(`portal on Backstage ${releases[0]}`, () =>
      putOnRelease(portal, releases[0], shell),
    );
    sandbox = await startSandboxProcess({
      dataDir: join(directory, 'sandbox'),
    });
    shell.env.AUTHENTIK_TOKEN = sandbox.authentik.tokens.leastPrivilege;
    const port = await freePort();
    const adoption: Adoption = { portal, sandbox, shell, steps, port };
    fitToMachine(adoption);
    await followReadme(
      adoption,
      instructions.filter(instruction => instruction !== doctor),
    );
    await prove(adoption, doctor);

    for (const release of releases.slice(1)) {
      steps.begin(release);
      await sandbox.control.reset();
      await steps.run('the same portal bumped, yarn install', async () => {
        await putOnRelease(portal, release, shell);
        await bash(shell, portal, 'yarn install');
        useBuiltAddon(portal);
      });
      await prove(adoption, doctor);
    }
  } finally {
    await sandbox?.stop();
  }
}

function yarnVersion(): string {
  const { packageManager } = JSON.parse(
    readFileSync(join(ROOT, 'package.json'), 'utf8'),
  );
  return packageManager.split('@').pop();
}

/** Over a hundred thousand files, which Node removes several times slower. What remains fails no test. */
function remove(directory: string): void {
  const { status } = spawnSync('rm', ['-rf', directory], { stdio: 'inherit' });
  if (status !== 0) {
    process.stderr.write(`${directory} could not be removed completely\n`);
  }
}

async function main(): Promise<void> {
  const options = parseCommandLine();
  if (options.help) {
    process.stdout.write(`${usage}\n`);
    return;
  }
  const directory = mkdtempSync(join(tmpdir(), 'hoop-authentik-adopter-'));
  const steps = new Steps();
  try {
    await adopt(directory, options, steps);
  } catch (error) {
    process.exitCode = 1;
    process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
  }
  process.stdout.write(`\n${steps.table()}`);
  if (options.keep) {
    process.stdout.write(`The portal and its log are in ${directory}\n`);
  } else {
    remove(directory);
  }
}

main().catch(error => {
  process.exitCode = 1;
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
});
