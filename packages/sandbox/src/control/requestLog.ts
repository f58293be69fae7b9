import { IncomingMessage, ServerResponse } from 'node:http';
import { gatewayOriginHeader } from '../gateway/provider';

/** @public */
export type SandboxSystem = 'authentik' | 'kubernetes' | 'gateway';

/**
 * One request a system of the sandbox answered.
 * @public
 */
export interface RecordedRequest {
  seq: number;
  system: SandboxSystem;
  method: string;
  /** Path and query; secrets in the query are redacted. */
  path: string;
  /** 0 when the connection ended without an answer. */
  status: number;
  durationMs: number;
  startedAt: string;
  /** Present when the gateway stand-in made the request. */
  from?: 'gateway';
}

const secretParameters = new Set([
  'code',
  'state',
  'token',
  'access_token',
  'refresh_token',
  'id_token',
  'id_token_hint',
  'client_secret',
  'password',
  'session_state',
]);

const redacted = 'redacted';

/**
 * Keeps the shape of a URL and drops what may let somebody in; nested URLs are redacted whole when they carry such.
 * @internal
 */
export function redactPath(path: string): string {
  const start = path.indexOf('?');
  if (start === -1) {
    return path;
  }
  const parameters = new URLSearchParams(path.slice(start + 1));
  const nested = /(^|[?&])(code|state|token|[a-z_]*_token|client_secret)=/;
  for (const [key, value] of [...parameters]) {
    if (secretParameters.has(key) || nested.test(value)) {
      parameters.set(key, redacted);
    }
  }
  return `${path.slice(0, start)}?${parameters}`;
}

/** The most recent requests of all systems, in the order they were answered. @internal */
export class RequestLog {
  private entries: RecordedRequest[] = [];
  private lastSequence = 0;

  constructor(private readonly limit = 20_000) {}

  /** Called as a request arrives; the entry is made when its answer is out. */
  observe(
    system: SandboxSystem,
    req: IncomingMessage,
    res: ServerResponse,
  ): void {
    const startedAt = new Date();
    const start = performance.now();
    const { method = 'GET', url = '/' } = req;
    const isGateway = req.headers[gatewayOriginHeader] === 'gateway';
    res.once('close', () => {
      this.lastSequence += 1;
      this.entries.push({
        seq: this.lastSequence,
        system,
        method,
        path: redactPath(url),
        status: res.headersSent ? res.statusCode : 0,
        durationMs: Math.round((performance.now() - start) * 100) / 100,
        startedAt: startedAt.toISOString(),
        ...(isGateway ? { from: 'gateway' as const } : {}),
      });
      if (this.entries.length > this.limit) {
        this.entries.shift();
      }
    });
  }

  since(sequence: number): { seq: number; requests: RecordedRequest[] } {
    return {
      seq: this.lastSequence,
      requests: this.entries.filter(entry => entry.seq > sequence),
    };
  }
}
