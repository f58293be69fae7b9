import { spawn } from 'node:child_process';
import { sandboxEnvironment, startSandboxProcess } from 'sandbox';
import { ROOT } from './backendProcess';

/** The ports that the README names. */
const PORTS = {
  authentik: 9000,
  kubernetes: 6443,
  gateway: 8009,
  control: 9099,
};

/** Runs the sandbox beside the portal's frontend and backend in development mode, until interrupted. */
async function main(): Promise<void> {
  const sandbox = await startSandboxProcess({ ports: PORTS });
  const people = sandbox.users
    .map(({ username, password }) => `${username} / ${password}`)
    .join(', ');
  process.stdout.write(
    [
      '',
      'Sandbox (stand-ins on this machine, throwaway credentials):',
      `  authentik       ${sandbox.authentik.url}   sign in as ${people}`,
      `  gateway         ${sandbox.gateway.url}`,
      `  Kubernetes API  ${sandbox.kubernetes.url}   KUBECONFIG=${sandbox.kubernetes.kubeconfigPath}`,
      'Portal (opens when it is built; you enter as guest, who may do everything here):',
      '  http://localhost:3000/catalog/default/resource/hoop   the card of a gateway; press "Connect to authentik"',
      '  http://localhost:3000/hoop-gateways                   every gateway',
      'Break something, then refresh the card (more in docs/sandbox.md):',
      `  curl -X POST ${sandbox.control.url}/kubernetes/rollout -H 'content-type: application/json' -d '{"fail":"image-pull"}'`,
      `  curl -X POST ${sandbox.control.url}/reset`,
      '',
      '',
    ].join('\n'),
  );
  const portal = spawn(
    process.execPath,
    [require.resolve('@backstage/cli/bin/backstage-cli'), 'repo', 'start'],
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
    await sandbox.stop();
    process.exitCode = code ?? 0;
  });
}

main().catch(error => {
  process.stderr.write(
    `The portal did not start: ${
      error instanceof Error ? error.message : error
    }\n`,
  );
  process.exitCode = 1;
});
