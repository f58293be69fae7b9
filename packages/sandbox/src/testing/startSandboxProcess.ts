import { ChildProcess, spawn } from 'node:child_process';
import { dirname, resolve } from 'node:path';
import type { Fault } from '../control/faults';
import type { RecordedRequest } from '../control/requestLog';
import type { PolicyRule } from '../kubernetes/api/authorization';
import type { ClusterFault } from '../kubernetes/clusterFaults';
import type { RolloutFailure } from '../kubernetes/scriptedFailures';
import type { SandboxInfo, SandboxOptions } from '../sandboxTypes';

/**
 * What a test asks of a running sandbox.
 * @public
 */
export interface SandboxControl {
  url: string;
  /** Requests answered after `since`, with the number to go on from. */
  requests(
    since?: number,
  ): Promise<{ seq: number; requests: RecordedRequest[] }>;
  /** Every secret the sandbox ever knew, for leak hunts. */
  secrets(): Promise<string[]>;
  /** Makes requests to one system go wrong. */
  faults(fault: Fault): Promise<void>;
  clearFaults(): Promise<void>;
  /** Makes the next rollouts fail. */
  rollout(failure: RolloutFailure, times?: number): Promise<void>;
  /** A Kubernetes bearer token that may do no more than the rules say. */
  addIdentity(user: string, rules: PolicyRule[]): Promise<string>;
  /** Puts a quota, a webhook or another state of a cluster in the way of writes. */
  clusterFault(fault: ClusterFault): Promise<void>;
  clearClusterFaults(): Promise<void>;
  /** The pace of a real authentik: 1 is its own, 0.1 a tenth of the time, 0 is off. */
  authentikLatency(scale: number): Promise<void>;
  /** Ends the memory of the past, so that watches that start there get 410. */
  compact(): Promise<void>;
  /** Takes the configuration that the gateway stores out of its database, which no request of the gateway does. */
  forgetAuthConfig(): Promise<void>;
  /** Takes everybody out of the gateway's database: the next who signs in administers it. */
  forgetUsers(): Promise<void>;
  memory(): Promise<{ rss: number }>;
  reset(): Promise<void>;
}

/**
 * A sandbox in a process of its own.
 * @public
 */
export interface SandboxProcess extends Omit<SandboxInfo, 'control'> {
  control: SandboxControl;
  stop(): Promise<void>;
}

/** @public */
export interface SandboxProcessOptions extends SandboxOptions {
  /** How long to wait for the sandbox to be ready. */
  timeoutMs?: number;
}

function commandLine(options: SandboxProcessOptions): string[] {
  const ports = { authentik: 0, kubernetes: 0, gateway: 0, control: 0 };
  const flags = Object.entries({ ...ports, ...options.ports }).flatMap(
    ([system, port]) => [`--port-${system}`, String(port)],
  );
  if (options.authentikVersion) {
    flags.push('--authentik-version', options.authentikVersion);
  }
  if (options.dataDir) {
    flags.push('--data-dir', options.dataDir);
  }
  if (options.rolloutDelayMs !== undefined) {
    flags.push('--rollout-delay-ms', String(options.rolloutDelayMs));
  }
  return [
    '--require',
    require.resolve('@backstage/cli/config/nodeTransform.cjs'),
    resolve(dirname(__filename), '../main.ts'),
    '--json',
    '--exit-with-parent',
    ...flags,
  ];
}

function readInfo(
  child: ChildProcess,
  timeoutMs: number,
): Promise<SandboxInfo> {
  return new Promise((resolvePromise, reject) => {
    let output = '';
    let errors = '';
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      reject(new Error(`the sandbox was not ready in time: ${errors}`));
    }, timeoutMs);
    child.stderr?.on('data', chunk => {
      errors += String(chunk);
    });
    child.once('error', reject);
    child.once('exit', code => {
      clearTimeout(timer);
      reject(new Error(`the sandbox ended with code ${code}: ${errors}`));
    });
    child.stdout?.on('data', chunk => {
      output += String(chunk);
      const end = output.indexOf('\n');
      if (end !== -1) {
        clearTimeout(timer);
        resolvePromise(JSON.parse(output.slice(0, end)));
      }
    });
  });
}

function controlOf(url: string): SandboxControl {
  const call = async <T>(
    method: string,
    path: string,
    body?: unknown,
  ): Promise<T> => {
    const response = await fetch(`${url}${path}`, {
      method,
      headers: { 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) {
      throw new Error(`sandbox control ${method} ${path}: ${text}`);
    }
    return JSON.parse(text);
  };
  return {
    url,
    requests: (since = 0) => call('GET', `/requests?since=${since}`),
    secrets: () => call('GET', '/secrets'),
    faults: async fault => {
      await call('POST', '/faults', fault);
    },
    clearFaults: async () => {
      await call('DELETE', '/faults');
    },
    rollout: async (fail, times = 1) => {
      await call('POST', '/kubernetes/rollout', { fail, times });
    },
    addIdentity: async (user, rules) => {
      const { token } = await call<{ token: string }>(
        'POST',
        '/kubernetes/identities',
        { user, rules },
      );
      return token;
    },
    clusterFault: async fault => {
      await call('POST', '/kubernetes/faults', fault);
    },
    clearClusterFaults: async () => {
      await call('DELETE', '/kubernetes/faults');
    },
    authentikLatency: async scale => {
      await call('POST', '/authentik/latency', { scale });
    },
    compact: async () => {
      await call('POST', '/kubernetes/compact');
    },
    forgetAuthConfig: async () => {
      await call('DELETE', '/gateway/auth-config');
    },
    forgetUsers: async () => {
      await call('DELETE', '/gateway/users');
    },
    memory: () => call('GET', '/memory'),
    reset: async () => {
      await call('POST', '/reset');
    },
  };
}

/**
 * Starts the sandbox as a child process on free ports. It ends with `stop()`, or with this process.
 * @public
 */
export async function startSandboxProcess(
  options: SandboxProcessOptions = {},
): Promise<SandboxProcess> {
  const child = spawn(process.execPath, commandLine(options), {
    stdio: ['pipe', 'pipe', 'pipe'],
    // Options of a test runner must not reach the sandbox.
    env: { ...process.env, NODE_OPTIONS: '', NODE_ENV: 'development' },
  });
  const ended = new Promise<void>(resolvePromise => {
    child.once('exit', () => resolvePromise());
  });
  const info = await readInfo(child, options.timeoutMs ?? 60_000);
  return {
    ...info,
    control: controlOf(info.control.url),
    async stop() {
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), 5_000);
      await ended;
      clearTimeout(timer);
    },
  };
}
