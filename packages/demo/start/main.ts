import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  sandboxEnvironment,
  startSandboxProcess,
  type SandboxProcess,
} from 'sandbox';
import { ROOT } from '../src/backendProcess';
import { startFurtherGateways, stopAll } from './furtherGateways';
import { portalConfig } from './portalConfig';

/** The ports that the README names. */
const PORTS = {
  authentik: 9000,
  kubernetes: 6443,
  gateway: 8009,
  control: 9099,
};

/** Runs three sandboxes beside the portal's frontend and backend in development mode, until interrupted. */
async function main(): Promise<void> {
  const sandbox = await startSandboxProcess({ ports: PORTS });
  const further = await startFurtherGateways();
  const dir = await mkdtemp(join(tmpdir(), 'hoop-authentik-start-'));
  const configFile = join(dir, 'app-config.start.json');
  await writeFile(configFile, JSON.stringify(await portalConfig(further)), {
    mode: 0o600,
  });
  process.stdout.write(guide(sandbox));
  const portal = spawn(
    process.execPath,
    [
      require.resolve('@backstage/cli/bin/backstage-cli'),
      'repo',
      'start',
      '--config',
      join(ROOT, 'app-config.yaml'),
      '--config',
      configFile,
    ],
    {
      cwd: ROOT,
      env: { ...process.env, ...sandboxEnvironment(sandbox) },
      stdio: 'inherit',
    },
  );
  const stop = () => portal.kill('SIGTERM');
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  portal.once('exit', async code => {
    await Promise.all([
      sandbox.stop(),
      stopAll(further),
      rm(dir, { recursive: true, force: true }),
    ]);
    process.exitCode = code ?? 0;
  });
}

function guide({
  authentik,
  control,
  gateway,
  kubernetes,
  users,
}: SandboxProcess): string {
  const people = users
    .map(({ username, password }) => `${username} / ${password}`)
    .join(', ');
  const post = `curl -X POST ${control.url}`;
  return `
Sandbox (stand-ins on this machine, throwaway credentials):
  authentik       ${authentik.url}   sign in as ${people}
  gateway         ${gateway.url}
  Kubernetes API  ${kubernetes.url}   KUBECONFIG=${kubernetes.kubeconfigPath}

Portal (opens when it is built):
  http://localhost:3000   three gateways: one not connected, one connected, one that has drifted
  1. Open "Hoop.dev gateway" and press "Connect to authentik".
  2. Open the staging gateway, look at what differs, and press "Repair".
  3. Sign in at the gateway with one of the accounts above: ${gateway.url}

You are user:default/guest, a member of "Platform engineering", who may do everything here: connect, repair,
restart, rotate, disconnect, and decide requests.

Break the company gateway, then refresh its card (more in docs/sandbox.md):
  ${post}/kubernetes/rollout -H 'content-type: application/json' -d '{"fail":"image-pull"}'   the next restart fails
  ${post}/faults -H 'content-type: application/json' -d '{"system":"authentik","unreachable":true}'
  ${post}/reset   everything as at the start

`;
}

main().catch(error => {
  process.stderr.write(
    `The portal did not start: ${
      error instanceof Error ? error.message : error
    }\n`,
  );
  process.exitCode = 1;
});
