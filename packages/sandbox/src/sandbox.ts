import { randomBytes } from 'node:crypto';
import { IncomingMessage, ServerResponse } from 'node:http';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AuthentikVersion, startAuthentik } from './authentik';
import { Faults } from './control/faults';
import { AuthentikLatency } from './control/latency';
import { RequestLog, SandboxSystem } from './control/requestLog';
import { startControl } from './control/server';
import { startIngress } from './gateway/ingress';
import { GatewayRuntime } from './gateway/runtime';
import { startKubernetes } from './kubernetes';
import { recordAt } from './kubernetes/values';
import { writeKubeconfig } from './kubeconfig';
import { SandboxInfo, SandboxOptions, SandboxPorts } from './sandboxTypes';
import { SecretCollector } from './secretCollector';
import {
  authentikUsers,
  deployment,
  gatewayAdmin,
  namespace,
  seedCluster,
  seedDatabase,
} from './seed';

/** The ports of a sandbox people look at. @public */
export const defaultPorts: Required<SandboxPorts> = {
  authentik: 9000,
  kubernetes: 6443,
  gateway: 8009,
  control: 9099,
};

const defaultVersion: AuthentikVersion = '2026.8';
const knownVersions: string[] = ['2026.8', '2025.10'];

/**
 * A running sandbox.
 * @public
 */
export interface Sandbox extends SandboxInfo {
  /** Back to the seeded state of all three systems. */
  reset(): Promise<void>;
  stop(): Promise<void>;
}

/**
 * A port is in use by somebody else.
 * @public
 */
export class PortTakenError extends Error {
  constructor(readonly system: keyof SandboxPorts, readonly port: number) {
    super(
      `Port ${port}, meant for ${system}, is already in use. Choose another one with --port-${system}, or 0 for any free one.`,
    );
  }
}

async function onPort<T>(
  system: keyof SandboxPorts,
  port: number,
  listenOn: (port: number) => Promise<T>,
): Promise<T> {
  try {
    return await listenOn(port);
  } catch (error) {
    if (
      error instanceof Error &&
      'code' in error &&
      error.code === 'EADDRINUSE'
    ) {
      throw new PortTakenError(system, port);
    }
    throw error;
  }
}

/** A sandbox with fast rollouts also boots its gateways faster. */
function bootMsOf(rolloutDelayMs: number | undefined): number | undefined {
  return rolloutDelayMs === undefined ? undefined : rolloutDelayMs / 8;
}

async function waitFor(condition: () => boolean): Promise<void> {
  const deadline = Date.now() + 30_000;
  while (!condition()) {
    if (Date.now() > deadline) {
      throw new Error('the gateway of the sandbox did not start to serve');
    }
    await new Promise(resolve => {
      setTimeout(resolve, 20);
    });
  }
}

function requireVersion(version: string): AuthentikVersion {
  if (!knownVersions.includes(version)) {
    throw new Error(
      `authentik ${version} is not simulated; known versions: ${knownVersions.join(
        ', ',
      )}`,
    );
  }
  return version as AuthentikVersion;
}

/**
 * Starts authentik, Kubernetes and gateway stand-ins on loopback, joined as an installation that still signs in locally.
 * @public
 */
export async function startSandbox(
  options: SandboxOptions = {},
): Promise<Sandbox> {
  const cleanups: (() => Promise<void>)[] = [];
  const stop = async () => {
    for (const cleanup of cleanups.splice(0).reverse()) {
      await cleanup();
    }
  };
  try {
    return await start(options, cleanups, stop);
  } catch (error) {
    await stop();
    throw error;
  }
}

async function start(
  options: SandboxOptions,
  cleanups: (() => Promise<void>)[],
  stop: () => Promise<void>,
): Promise<Sandbox> {
  const ports = { ...defaultPorts, ...options.ports };
  const version = requireVersion(options.authentikVersion ?? defaultVersion);
  const requests = new RequestLog();
  const faults = new Faults();
  const collector = new SecretCollector();
  const apiKey = `hpk_${randomBytes(24).toString('base64url')}`;
  const identityTokens: string[] = [];
  let database = seedDatabase(apiKey);
  const formerDatabases: string[] = [];

  const latency = new AuthentikLatency();
  const interceptFor =
    (system: SandboxSystem) =>
    async (req: IncomingMessage, res: ServerResponse) => {
      requests.observe(system, req, res);
      if (system === 'authentik') {
        await latency.hold(req);
      }
      return faults.strike(system, req, res);
    };

  const authentik = await onPort('authentik', ports.authentik, port =>
    startAuthentik({ port, version, intercept: interceptFor('authentik') }),
  );
  cleanups.push(() => authentik.close());

  const runtime = new GatewayRuntime({
    database: () => database,
    bootMs: bootMsOf(options.rolloutDelayMs),
  });
  const kubernetes = await onPort('kubernetes', ports.kubernetes, port =>
    startKubernetes({
      port,
      runtime,
      rolloutDelayMs: options.rolloutDelayMs,
      intercept: interceptFor('kubernetes'),
    }),
  );
  cleanups.push(() => kubernetes.close());
  kubernetes.subscribe(change => collector.notice(change));

  const ingress = await onPort('gateway', ports.gateway, port =>
    startIngress(runtime, { port, intercept: interceptFor('gateway') }),
  );
  cleanups.push(() => ingress.close());

  let directory = options.dataDir;
  if (!directory) {
    const temporary = await mkdtemp(join(tmpdir(), 'hoop-authentik-sandbox-'));
    cleanups.push(() => rm(temporary, { recursive: true, force: true }));
    directory = temporary;
  }
  const kubeconfigPath = await writeKubeconfig(directory, {
    url: kubernetes.url,
    ca: kubernetes.ca,
    token: kubernetes.token,
    namespace,
  });

  const seed = async () => {
    seedCluster(kubernetes, ingress.url);
    await waitFor(() => {
      const status = recordAt(
        kubernetes.read('apps/v1', 'deployments', namespace, deployment),
        'status',
      );
      return status.availableReplicas === 1 && runtime.current() !== undefined;
    });
  };
  await seed();

  const reset = async () => {
    faults.clear();
    latency.set(0);
    authentik.reset();
    kubernetes.clear();
    formerDatabases.push(...database.secrets());
    database = seedDatabase(apiKey);
    await seed();
  };

  const info: SandboxInfo = {
    sandbox: true,
    authentik: {
      url: authentik.url,
      token: authentik.token,
      tokens: authentik.tokens,
      version,
    },
    kubernetes: {
      url: kubernetes.url,
      token: kubernetes.token,
      kubeconfigPath,
      namespace,
      deployment,
    },
    gateway: { url: ingress.url, apiKey, admin: gatewayAdmin },
    control: { url: '' },
    users: authentikUsers,
  };
  const control = await onPort('control', ports.control, port =>
    startControl(
      {
        info: () => info,
        requests,
        faults,
        secrets: () => [
          ...new Set([
            ...authentik.secrets(),
            authentik.token,
            ...Object.values(authentik.tokens),
            kubernetes.token,
            ...identityTokens,
            ...collector.secrets(),
            ...formerDatabases,
            ...database.secrets(),
          ]),
        ],
        failRollouts: (failure, times) =>
          kubernetes.failRollouts(failure, times),
        addIdentity: (user, rules) => {
          const token = `sandbox-${randomBytes(24).toString('base64url')}`;
          identityTokens.push(token);
          kubernetes.addIdentity({ token, user, rules });
          return token;
        },
        clusterFaults: kubernetes.faults,
        latency,
        compact: () => kubernetes.compact(),
        forgetAuthConfig: () => {
          database.authConfig = undefined;
        },
        forgetUsers: () => {
          database.users.length = 0;
        },
        reset,
      },
      port,
    ),
  );
  cleanups.push(() => control.close());
  info.control.url = control.url;
  return { ...info, reset, stop };
}
