import type { IncomingMessage, ServerResponse } from 'node:http';

/**
 * The releases of authentik the stand-in can speak like.
 *
 * @public
 */
export type AuthentikVersion = '2026.8' | '2025.10';

/**
 * How to start the stand-in.
 *
 * @public
 */
export interface AuthentikSandboxOptions {
  version?: AuthentikVersion;
  /** 0 or absent: a free port. The stand-in listens on 127.0.0.1 only. */
  port?: number;
  /** Key of the superuser's API token; random when not given. */
  token?: string;
  /** Called before each request; may delay, or answer itself by returning true. */
  intercept?: (
    req: IncomingMessage,
    res: ServerResponse,
  ) => Promise<boolean> | boolean;
  /** Called after each answered request. */
  onRequest?: (entry: {
    method: string;
    path: string;
    status: number;
    durationMs: number;
  }) => void;
}

/**
 * A running stand-in.
 *
 * @public
 */
export interface AuthentikSandbox {
  /** `http://127.0.0.1:<port>` */
  url: string;
  /** API token of the superuser. */
  token: string;
  /** API tokens of the seeded accounts. */
  tokens: { admin: string; leastPrivilege: string; noPermissions: string };
  /** Every secret value issued since the start, former ones included. */
  secrets(): string[];
  /** Back to the seeded state. */
  reset(): void;
  close(): Promise<void>;
}
