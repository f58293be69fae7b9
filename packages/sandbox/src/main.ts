import { parseArgs } from 'node:util';
import { PortTakenError, defaultPorts, Sandbox, startSandbox } from './sandbox';
import { sandboxEnvironment } from './sandboxEnvironment';
import { SandboxPorts } from './sandboxTypes';

const usage = `Usage: npm run sandbox -- [options]

Runs stand-ins for authentik, the Kubernetes API and a Hoop.dev gateway on loopback
and prints their addresses, their throwaway credentials and the variables to export.

  --port-authentik N     default ${defaultPorts.authentik}; 0 takes a free port
  --port-kubernetes N    default ${defaultPorts.kubernetes}
  --port-gateway N       default ${defaultPorts.gateway}
  --port-control N       default ${defaultPorts.control}
  --authentik-version V  2026.8 (default) or 2025.10
  --data-dir D           directory for the kubeconfig, default a temporary one
  --rollout-delay-ms N   time a rollout takes, default 1200
  --json                 print one line of JSON when ready
  --exit-with-parent     stop when standard input ends
  --help`;

/** Where the doctor of this repository looks for a sandbox. */
const DEFAULT_CONTROL_URL = `http://127.0.0.1:${defaultPorts.control}`;

function parseNumber(flag: string, value: string | undefined) {
  if (value === undefined) {
    return undefined;
  }
  const number = Number(value);
  if (!Number.isInteger(number) || number < 0 || number > 65535) {
    throw new Error(`--${flag} needs a number, got ${value}`);
  }
  return number;
}

function parseCommandLine() {
  const { values } = parseArgs({
    options: {
      'port-authentik': { type: 'string' },
      'port-kubernetes': { type: 'string' },
      'port-gateway': { type: 'string' },
      'port-control': { type: 'string' },
      'authentik-version': { type: 'string' },
      'data-dir': { type: 'string' },
      'rollout-delay-ms': { type: 'string' },
      json: { type: 'boolean', default: false },
      'exit-with-parent': { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const ports: SandboxPorts = { ...defaultPorts };
  for (const system of [
    'authentik',
    'kubernetes',
    'gateway',
    'control',
  ] as const) {
    const flag = `port-${system}` as const;
    ports[system] = parseNumber(flag, values[flag]) ?? ports[system];
  }
  return {
    help: values.help,
    json: values.json,
    exitWithParent: values['exit-with-parent'],
    sandbox: {
      ports,
      authentikVersion: values['authentik-version'],
      dataDir: values['data-dir'],
      rolloutDelayMs: parseNumber(
        'rollout-delay-ms',
        values['rollout-delay-ms'],
      ),
    },
  };
}

function describe(sandbox: Sandbox): string {
  const { authentik, kubernetes, gateway, control, users } = sandbox;
  return [
    'The sandbox is ready. These are stand-ins on loopback; every credential below is throwaway.',
    '',
    `authentik ${authentik.version}  ${authentik.url}`,
    `  API token          ${authentik.token}`,
    `Kubernetes API     ${kubernetes.url}`,
    `  kubeconfig         ${kubernetes.kubeconfigPath}`,
    `  token              ${kubernetes.token}`,
    `  gateway            namespace ${kubernetes.namespace}, deployment ${kubernetes.deployment}`,
    `Hoop gateway       ${gateway.url}`,
    `  API key            ${gateway.apiKey}`,
    `  local admin        ${gateway.admin.email} / ${gateway.admin.password}`,
    `Control            ${control.url}`,
    '',
    'authentik users:',
    ...users.map(
      user =>
        `  ${user.username} / ${user.password}  (${user.groups.join(', ')})`,
    ),
    '',
    control.url === DEFAULT_CONTROL_URL
      ? 'npm run doctor finds this sandbox without further settings. For other commands in another terminal:'
      : 'For npm run doctor and other commands in another terminal:',
    ...Object.entries(sandboxEnvironment(sandbox)).map(
      ([name, value]) => `  export ${name}='${value.replaceAll("'", `'\\''`)}'`,
    ),
  ].join('\n');
}

async function main(): Promise<void> {
  const options = parseCommandLine();
  if (options.help) {
    process.stdout.write(`${usage}\n`);
    return;
  }
  const starting = startSandbox(options.sandbox);
  let stopping = false;
  const shutDown = () => {
    if (stopping) {
      return;
    }
    stopping = true;
    starting
      .then(sandbox => sandbox.stop())
      .then(
        () => process.exit(0),
        () => process.exit(1),
      );
  };
  process.once('SIGTERM', shutDown);
  process.once('SIGINT', shutDown);
  if (options.exitWithParent) {
    process.stdin.resume();
    process.stdin.once('end', shutDown);
    process.stdin.once('error', shutDown);
  }
  const sandbox = await starting;
  if (stopping) {
    return;
  }
  process.stdout.write(
    options.json ? `${JSON.stringify(sandbox)}\n` : `${describe(sandbox)}\n`,
  );
}

main().catch(error => {
  const message = error instanceof Error ? error.message : String(error);
  process.stderr.write(`sandbox: ${message}\n`);
  process.exit(error instanceof PortTakenError ? 2 : 1);
});
