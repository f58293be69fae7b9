import { IncomingMessage, ServerResponse } from 'node:http';
import { gatewayOriginHeader } from '../gateway/provider';
import { StatusError } from '../kubernetes/status';
import { answerWrongly, FAULT_KINDS, FaultKind } from './faultKinds';
import { SandboxSystem } from './requestLog';

/**
 * Something that goes wrong with the requests to one system.
 * @public
 */
export interface Fault {
  system: SandboxSystem;
  /** Waits before the request is handled, or before the other effect. */
  latencyMs?: number;
  /** Answers with this status instead of handling the request. */
  status?: number;
  /** Cuts the connection without an answer. */
  unreachable?: boolean;
  /** What becomes of the answer instead. */
  kind?: FaultKind;
  /** Regular expression on path and query; absent: every request. */
  path?: string;
  /** Only requests with this method. */
  method?: string;
  /** Only what the gateway asks for, as where its way to authentik is barred and that of others is not; or only others. */
  from?: 'gateway' | 'portal';
  /** How many requests are struck; absent: until the faults are cleared. */
  times?: number;
}

/** A message about what is wrong with a fault, or undefined. @internal */
export function faultProblem(fault: Partial<Fault>): string | undefined {
  if (
    fault.system !== 'authentik' &&
    fault.system !== 'kubernetes' &&
    fault.system !== 'gateway'
  ) {
    return 'system must be authentik, kubernetes or gateway';
  }
  if (fault.kind !== undefined && !FAULT_KINDS.includes(fault.kind)) {
    return `kind must be one of ${FAULT_KINDS.join(', ')}`;
  }
  if (!fault.latencyMs && !fault.status && !fault.unreachable && !fault.kind) {
    return 'one of latencyMs, status, unreachable and kind is needed';
  }
  if (
    fault.status !== undefined &&
    !(
      Number.isInteger(fault.status) &&
      fault.status >= 200 &&
      fault.status < 600
    )
  ) {
    return 'status must be between 200 and 599';
  }
  if (fault.from && !['gateway', 'portal'].includes(fault.from)) {
    return 'from can only be gateway or portal';
  }
  try {
    RegExp(fault.path ?? '');
  } catch {
    return 'path is no regular expression';
  }
  return undefined;
}

const reasons: Record<number, string> = {
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'NotFound',
  409: 'Conflict',
  429: 'TooManyRequests',
  500: 'InternalError',
  503: 'ServiceUnavailable',
  504: 'Timeout',
};

/** Each system words an error in its own way; gateways in between answer HTML. */
function answer(
  system: SandboxSystem,
  status: number,
  res: ServerResponse,
): void {
  if (status === 429 || status === 503) {
    res.setHeader('retry-after', '1');
  }
  const message = 'fault asked for in the sandbox';
  if (status === 502 || status === 504) {
    res.writeHead(status, { 'content-type': 'text/html' });
    res.end(`<html><body><h1>${status}</h1>${message}</body></html>`);
    return;
  }
  const details = status === 429 ? { retryAfterSeconds: 1 } : undefined;
  const bodies: Record<SandboxSystem, unknown> = {
    authentik: { detail: message },
    gateway: { message },
    kubernetes: new StatusError(
      status,
      reasons[status] ?? 'Unknown',
      message,
      details,
    ).toStatus(),
  };
  res.writeHead(status, { 'content-type': 'application/json' });
  res.end(JSON.stringify(bodies[system]));
}

/** The faults in force. @internal */
export class Faults {
  private active: (Fault & { left: number })[] = [];
  /** The portal's process is dead: nothing of it gets through any more. */
  private portalIsDead = false;

  add(fault: Fault): void {
    this.active.push({ ...fault, left: fault.times ?? Infinity });
  }

  clear(): void {
    this.active = [];
    this.portalIsDead = false;
  }

  list(): Fault[] {
    return this.active.map(({ left: _, ...fault }) => fault);
  }

  /** True when the request was answered, or cut, here. */
  async strike(
    system: SandboxSystem,
    req: IncomingMessage,
    res: ServerResponse,
  ): Promise<boolean> {
    const from = req.headers[gatewayOriginHeader] ?? 'portal';
    if (this.portalIsDead && from === 'portal') {
      req.socket.destroy();
      return true;
    }
    const fault = this.active.find(
      candidate =>
        candidate.system === system &&
        (!candidate.method || candidate.method === req.method) &&
        (!candidate.from || candidate.from === from) &&
        RegExp(candidate.path ?? '').test(req.url ?? '/'),
    );
    if (!fault) {
      return false;
    }
    fault.left -= 1;
    if (fault.left <= 0) {
      this.active = this.active.filter(candidate => candidate !== fault);
    }
    if (fault.latencyMs) {
      await new Promise(resolve => {
        setTimeout(resolve, fault.latencyMs);
      });
    }
    if (fault.unreachable) {
      req.socket.destroy();
      return true;
    }
    if (fault.kind) {
      this.portalIsDead = fault.kind === 'killed';
      return answerWrongly(fault.kind, system, req, res);
    }
    if (fault.status) {
      answer(system, fault.status, res);
      return true;
    }
    return false;
  }
}
