import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { InputError, ServiceUnavailableError } from '@backstage/errors';
import { z } from 'zod';
import { SecretValue, withFailure, withRemedy } from '../../../core';
import { parseJson } from '../../../http';

/** Of client-go: a program that prints an `ExecCredential`. @internal */
export const execSchema = z.object({
  apiVersion: z.string().nullish(),
  command: z.string().nullish(),
  args: z.array(z.string()).nullish(),
  env: z.array(z.object({ name: z.string(), value: z.string() })).nullish(),
  interactiveMode: z.string().nullish(),
  provideClusterInfo: z.boolean().nullish(),
});

const API_VERSIONS = [
  'client.authentication.k8s.io/v1',
  'client.authentication.k8s.io/v1beta1',
];

/** What a program finds of the backend's own environment; app-config names anything else that it needs. */
const BASIC_VARIABLES = ['PATH', 'HOME', 'TMPDIR', 'LANG'];

const TIMEOUT_MS = 30_000;
const MOST_OUTPUT_BYTES = 1024 * 1024;

/** A credential is renewed a little before it ends, since a request takes some time to arrive. */
const RENEWAL_MS = 30_000;

/** A program that fails is not started again for each of many requests. */
const FAILURE_REMEMBERED_MS = 5_000;

const answerSchema = z.object({
  kind: z.literal('ExecCredential'),
  apiVersion: z.string(),
  status: z.object({
    token: z.string().nullish(),
    clientCertificateData: z.string().nullish(),
    clientKeyData: z.string().nullish(),
    expirationTimestamp: z.string().nullish(),
  }),
});

/** @internal */
export interface ExecOptions {
  exec: z.infer<typeof execSchema>;
  /** A command with a slash is relative to the directory of the kubeconfig. */
  directory: string;
  /** The user, for messages: `the kubeconfig /x, user "u"`. */
  where: string;
  /** Given to the program where it asks for it. */
  cluster: Record<string, unknown>;
  /** Names of variables of the backend that the program gets too. */
  variables?: readonly string[];
  env?: NodeJS.ProcessEnv;
}

/**
 * The token that a program prints, kept until it expires. The program is run without a shell, with few variables and no
 * input; neither its output nor its arguments are ever shown, since either may hold a credential.
 *
 * @internal
 */
export class ExecCredential {
  readonly #options: ExecOptions;
  readonly #command: string;
  readonly #apiVersion: string;
  #kept: { token: SecretValue; renewAt: number } | undefined;
  #failed: { error: Error; until: number } | undefined;
  #running: Promise<SecretValue> | undefined;

  /** @throws InputError where the entry needs what a backend has not */
  constructor(options: ExecOptions) {
    const { exec, where } = options;
    if (!exec.command) {
      throw new InputError(
        `${where}: exec: expected a "command", found nothing`,
      );
    }
    if (!exec.apiVersion || !API_VERSIONS.includes(exec.apiVersion)) {
      throw new InputError(
        `${where}: exec: expected the apiVersion ${API_VERSIONS.map(
          version => `"${version}"`,
        ).join(' or ')}, found ${
          exec.apiVersion ? JSON.stringify(exec.apiVersion) : 'none'
        }; create the kubeconfig again with a current version of the tool that wrote it`,
      );
    }
    if (exec.interactiveMode === 'Always') {
      throw new InputError(
        `${where}: exec: interactiveMode "Always" asks a person at a terminal, which a backend has not; use an account that signs in without one`,
      );
    }
    this.#options = options;
    this.#apiVersion = exec.apiVersion;
    this.#command = /[\\/]/.test(exec.command)
      ? resolve(options.directory, exec.command)
      : exec.command;
  }

  /** @throws ServiceUnavailableError where the program does not give a token */
  async token(): Promise<SecretValue> {
    if (this.#kept && Date.now() < this.#kept.renewAt) {
      return this.#kept.token;
    }
    if (this.#failed && Date.now() < this.#failed.until) {
      throw this.#failed.error;
    }
    this.#running ??= this.#renew().finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  /** Forgets a token that the cluster refused; whether there was one. */
  forget(): boolean {
    const had = this.#kept !== undefined;
    this.#kept = undefined;
    return had;
  }

  async #renew(): Promise<SecretValue> {
    try {
      this.#kept = this.#read(await this.#run());
      this.#failed = undefined;
      return this.#kept.token;
    } catch (error) {
      this.#failed = {
        error: error as Error,
        until: Date.now() + FAILURE_REMEMBERED_MS,
      };
      throw error;
    }
  }

  async #run(): Promise<string> {
    const { exec } = this.#options;
    return new Promise((done, failed) => {
      const child = execFile(
        this.#command,
        exec.args ?? [],
        {
          shell: false,
          env: this.#environment(),
          timeout: TIMEOUT_MS,
          killSignal: 'SIGKILL',
          maxBuffer: MOST_OUTPUT_BYTES,
          windowsHide: true,
        },
        (error, output) =>
          error ? failed(this.#failure(whyItFailed(error))) : done(output),
      );
      // A program that reads input finds its end.
      child.stdin?.on('error', () => {});
      child.stdin?.end();
    });
  }

  #environment(): NodeJS.ProcessEnv {
    const { exec, cluster, variables = [], env = process.env } = this.#options;
    return {
      ...Object.fromEntries(
        [...BASIC_VARIABLES, ...variables].map(name => [name, env[name]]),
      ),
      ...Object.fromEntries(
        (exec.env ?? []).map(({ name, value }) => [name, value]),
      ),
      KUBERNETES_EXEC_INFO: JSON.stringify({
        apiVersion: this.#apiVersion,
        kind: 'ExecCredential',
        spec: {
          interactive: false,
          ...(exec.provideClusterInfo ? { cluster } : {}),
        },
      }),
    };
  }

  #read(output: string): { token: SecretValue; renewAt: number } {
    const answer = answerSchema.safeParse(parseJson(output));
    if (!answer.success) {
      throw this.#failure(
        'printed something that is not an ExecCredential with a status',
      );
    }
    const { apiVersion, status } = answer.data;
    if (apiVersion !== this.#apiVersion) {
      throw this.#failure(
        `printed an ExecCredential of another apiVersion than the kubeconfig names (${
          this.#apiVersion
        })`,
      );
    }
    const token = status.token?.trim();
    if (status.clientCertificateData || status.clientKeyData || !token) {
      throw this.#failure(
        status.clientCertificateData || status.clientKeyData
          ? 'gave a client certificate, which is supported only in the kubeconfig itself'
          : 'printed an ExecCredential without a token',
      );
    }
    if (!/^[!-~]+$/.test(token)) {
      throw this.#failure('printed a token of more than one word');
    }
    return {
      token: new SecretValue(token),
      renewAt: this.#renewalOf(status.expirationTimestamp),
    };
  }

  #renewalOf(expiry: string | null | undefined): number {
    if (!expiry) {
      return Infinity;
    }
    const expires = Date.parse(expiry);
    const now = Date.now();
    if (!(expires > now)) {
      throw this.#failure(
        Number.isNaN(expires)
          ? 'printed an expirationTimestamp that is not a time'
          : 'printed a credential that has expired already',
      );
    }
    return Math.max(expires - RENEWAL_MS, (now + expires) / 2);
  }

  /** @param why - a predicate: `ended with exit code 1` */
  #failure(why: string): Error {
    const { where } = this.#options;
    const remedy =
      'Run the command of the kubeconfig by hand, as the user of the backend, to see what it says; its output is not shown here since it may hold a credential.';
    return withFailure(
      withRemedy(
        new ServiceUnavailableError(
          `${where}: exec: the command ${JSON.stringify(
            this.#options.exec.command,
          )} ${why}. ${remedy}`,
        ),
        remedy,
      ),
      { kind: 'credentials-refused', system: 'kubernetes' },
    );
  }
}

function whyItFailed(error: {
  code?: string | number | null;
  killed?: boolean;
  signal?: NodeJS.Signals | null;
}): string {
  if (error.code === 'ENOENT') {
    return 'was not found in the PATH of the backend';
  }
  if (error.code === 'EACCES') {
    return 'may not be executed by the backend';
  }
  if (error.code === 'ERR_CHILD_PROCESS_STDIO_MAXBUFFER') {
    return 'printed more than 1 MB';
  }
  if (error.killed) {
    return `did not end within ${TIMEOUT_MS / 1000} s`;
  }
  return error.signal
    ? `was ended by ${error.signal}`
    : `ended with exit code ${error.code ?? 'unknown'}`;
}
