import { sandboxEnvironment } from 'sandbox';

/** The variables that app-config.yaml of this repository reads. */
const VARIABLES = [
  'AUTHENTIK_URL',
  'AUTHENTIK_TOKEN',
  'HOOP_URL',
  'KUBECONFIG',
] as const;

/** A sandbox on this machine answers within milliseconds. */
const PATIENCE_MS = 2_000;

type Environment = Record<string, string | undefined>;

/** The environment for the doctor, and what to tell its user. @internal */
export interface DoctorEnvironment {
  env: Environment;
  /** Where the values came from, if not from the caller's environment. */
  notice?: string;
  /** What to do if the doctor cannot check anything. */
  advice?: string;
}

/**
 * Chooses the systems that `npm run doctor` checks: those of the environment when it names all of them, otherwise those of
 * the sandbox whose control endpoint is at `controlUrl`. The two are never mixed, so a sandbox token is never sent to a real
 * server nor the reverse.
 *
 * @internal
 */
export async function doctorEnvironment(
  args: string[],
  env: Environment,
  controlUrl: string,
): Promise<DoctorEnvironment> {
  const missing = VARIABLES.filter(name => !env[name]);
  const readsOtherFiles = args.some(arg => /^--config(=|$)/.test(arg));
  const needsNoSystem = args.some(arg => arg === '--help' || arg === '-h');
  if (missing.length === 0 || readsOtherFiles || needsNoSystem) {
    return { env };
  }
  const sandbox = await findSandbox(controlUrl);
  if (sandbox) {
    return {
      env: { ...env, ...sandbox },
      notice: `Checking the sandbox of ${controlUrl} (stand-ins, not real systems).`,
    };
  }
  return {
    env,
    advice: [
      `app-config.yaml reads ${missing.join(', ')}, not set in this terminal.`,
      'Start "npm run sandbox" in another terminal and wait until it is ready, or export the variables',
      'for your own servers, or name another file: npm run doctor -- --config <file>.',
    ].join('\n'),
  };
}

async function findSandbox(
  controlUrl: string,
): Promise<Record<string, string> | undefined> {
  try {
    const response = await fetch(controlUrl, {
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    const info = await response.json();
    return info?.sandbox === true ? sandboxEnvironment(info) : undefined;
  } catch {
    // Nothing listens there, or something else does.
    return undefined;
  }
}
