import assert from 'node:assert/strict';
import { cpSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { SandboxProcess } from 'sandbox';
import { Portal } from '../src';
import { ROOT } from '../src/backendProcess';
import { Follower } from './follow';
import { editJson, mergeInto, type Manifest } from './portalFiles';
import type { Instruction } from './readme';
import { startPortal } from './runPortal';
import { bash, type Shell } from './shell';
import type { Steps } from './steps';

const ENTITY = 'resource/default/hoop';
const FRONTEND = 'backstage-plugin-hoop-authentik';

/** A text of the card, found in the files of a frontend that contains it. */
const TEXT_OF_CARD = 'Not connected';

/** Longer lines wrap in a terminal. */
const NAME_LENGTH = 72;

/** A portal in which the plugins are adopted. */
export interface Adoption {
  portal: string;
  sandbox: SandboxProcess;
  shell: Shell;
  steps: Steps;
  port: number;
}

/** Follows the instructions of the README in a portal. */
export async function followReadme(
  { portal, sandbox, shell, steps }: Adoption,
  instructions: Instruction[],
): Promise<void> {
  const kubeconfig = sandbox.kubernetes.kubeconfigPath;
  const follower = new Follower({
    portal,
    shell,
    values: {
      'https://authentik.company': sandbox.authentik.url,
      'https://hoop.company': sandbox.gateway.url,
      '/etc/backstage/kubeconfig': kubeconfig,
      production: parse(readFileSync(kubeconfig, 'utf8'))['current-context'],
    },
  });
  for (const instruction of instructions) {
    await steps.run(nameOf(instruction), () => follower.follow(instruction));
    if (instruction.action === 'run') {
      useBuiltAddon(portal);
    }
  }
  assert.deepEqual(
    follower.unused(),
    [],
    'the README does not contain these example values',
  );
}

/** Place and content in one line of the table. */
function nameOf({ place, action, argument, code }: Instruction): string {
  const [first] = code.split('\n');
  const what = action === 'run' ? first : `${action} ${argument}`;
  const name = `${place.replace('plugins/', '')} ${what}`.trim();
  return name.length > NAME_LENGTH
    ? `${name.slice(0, NAME_LENGTH - 1)}…`
    : name;
}

/** What differs from one machine to the next: ports, and the second frontend, which takes the plugin as the first one does. */
export function fitToMachine({ portal, port }: Adoption): void {
  const url = `http://localhost:${port}`;
  mergeInto(join(portal, 'app-config.local.yaml'), {
    app: { baseUrl: url },
    backend: { baseUrl: url, listen: { port, host: '127.0.0.1' } },
  });
  editJson<Manifest>(
    join(portal, 'packages/app-legacy/package.json'),
    manifest => {
      manifest.dependencies = {
        ...manifest.dependencies,
        [FRONTEND]: `file:../../vendor/${FRONTEND}.tgz`,
      };
    },
  );
}

/**
 * Native addons are not compiled in the portal, which takes minutes: the only one that it uses is the build that this repository has of
 * the same version.
 */
export function useBuiltAddon(portal: string): void {
  const addon = 'node_modules/better-sqlite3/build/Release/better_sqlite3.node';
  if (
    existsSync(join(portal, 'node_modules/better-sqlite3')) &&
    !existsSync(join(portal, addon))
  ) {
    cpSync(join(ROOT, addon), join(portal, addon));
  }
}

/** Types and production builds of both frontends, then the gateway's way from not connected to connected. */
export async function prove(
  adoption: Adoption,
  doctor: Instruction,
): Promise<void> {
  const { portal, shell, steps, port } = adoption;
  await steps.run('yarn tsc', () => bash(shell, portal, 'yarn tsc'));
  for (const [app, system] of [
    ['app', 'new'],
    ['app-legacy', 'legacy'],
  ]) {
    await steps.run(`yarn workspace ${app} build (${system} frontend)`, () =>
      buildFrontend(portal, app, shell),
    );
  }
  const running = await steps.run('yarn start backend', () =>
    startPortal(portal, `http://localhost:${port}`, shell),
  );
  try {
    await steps.run('hoop-authentik-doctor exits with 1', () =>
      bash(shell, portal, doctor.code, { expectedCode: 1 }),
    );
    const user = await steps.run(
      'sign in as guest, entity in the catalog',
      () => enter(running.url),
    );
    await steps.run('run the template connect-gateway', () => connect(user));
    await steps.run('the gateway is connected (REST)', async () => {
      const { state } = await user.getIntegration(ENTITY);
      assert.equal(state, 'connected');
    });
    await steps.run('hoop-authentik-doctor exits with 0', () =>
      bash(shell, portal, doctor.code),
    );
  } finally {
    await running.stop();
  }
}

async function buildFrontend(
  portal: string,
  app: string,
  shell: Shell,
): Promise<void> {
  await bash(shell, portal, `yarn workspace ${app} build`);
  const files = join(portal, 'packages', app, 'dist/static');
  const found = readdirSync(files).some(
    file =>
      file.endsWith('.js') &&
      readFileSync(join(files, file), 'utf8').includes(TEXT_OF_CARD),
  );
  assert.ok(found, `the built ${app} does not contain the card`);
}

async function enter(url: string): Promise<Portal> {
  const user = await Portal.signIn(url);
  await user.untilInCatalog(ENTITY);
  await user.untilInCatalog('template/default/connect-gateway');
  const { state } = await user.getIntegration(ENTITY);
  assert.equal(state, 'not-connected');
  return user;
}

async function connect(user: Portal): Promise<void> {
  const task = await user.runTemplate('template:default/connect-gateway', {
    entity: 'resource:default/hoop',
    name: 'Hoop.dev',
    access: 'groups',
    bindings: [{ group: 'engineering' }],
  });
  assert.equal(
    task.status,
    'completed',
    task.events.map(event => event.message).join('\n'),
  );
}
