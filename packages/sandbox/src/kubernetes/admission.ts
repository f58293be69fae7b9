import { ResourceType } from './resources';
import { badRequest, forbidden, internalError, StatusError } from './status';
import { ObjectStore } from './store';
import { KubeObject } from './types';
import { recordAt } from './values';

/** A limit on the number of objects in a namespace. @public */
export interface Quota {
  kind: 'quota';
  namespace: string;
  name?: string;
  /** How many of each resource, by its plural name. */
  hard: Record<string, number>;
}

/** A webhook, or an admission policy, that stands in the way of writes. @public */
export interface Gate {
  kind: 'webhook' | 'policy';
  name: string;
  does:
    | 'out-of-reach'
    | 'answer-500'
    | 'hang'
    | 'present-untrusted-certificate'
    | 'deny'
    | 'warn';
  /** Plural names; absent: every resource. */
  resources?: string[];
  /** CREATE, UPDATE or DELETE; absent: all of them. */
  operations?: string[];
  /** What the denial or the warning says. */
  message?: string;
  /** The status of a denial: what the webhook chose, or 422 of a policy. */
  code?: number;
  /** A webhook with side effects makes a dry run impossible. */
  dryRun?: false;
}

/** @internal */
export interface AdmissionRequest {
  operation: 'CREATE' | 'UPDATE' | 'DELETE';
  resource: ResourceType;
  namespace: string | undefined;
  name: string;
  dryRun: boolean;
  warn?: (text: string) => void;
}

const reasons: Record<number, string> = { 403: 'Forbidden', 422: 'Invalid' };

const unreachable: Record<string, string> = {
  'out-of-reach':
    'Post "https://127.0.0.1:1/validate?timeout=2s": dial tcp 127.0.0.1:1: connect: connection refused',
  'answer-500':
    'an error on the server ("unknown") has prevented the request from succeeding',
  hang: 'Post "https://127.0.0.1:39443/slow?timeout=2s": context deadline exceeded',
  'present-untrusted-certificate':
    'Post "https://127.0.0.1:39443/warn?timeout=2s": tls: failed to verify certificate: x509: certificate signed by unknown authority',
};

/** How long the API server waits for a webhook that hangs. */
const hangMs = 2_000;

function concerns(gate: Gate, request: AdmissionRequest): boolean {
  return (
    (gate.resources?.includes(request.resource.plural) ?? true) &&
    (gate.operations?.includes(request.operation) ?? true)
  );
}

function passWebhook(gate: Gate, request: AdmissionRequest): void {
  if (request.dryRun && gate.dryRun === false) {
    throw badRequest(
      `admission webhook "${gate.name}" does not support dry run`,
    );
  }
  const message = gate.message ?? 'settings of gateways are changed in Git';
  if (gate.does === 'warn') {
    request.warn?.(message);
  } else if (gate.does === 'deny') {
    const code = gate.code ?? 400;
    throw new StatusError(
      code,
      reasons[code],
      `admission webhook "${gate.name}" denied the request: ${message}`,
    );
  } else {
    throw internalError(
      `failed calling webhook "${gate.name}": failed to call webhook: ${
        unreachable[gate.does]
      }`,
    );
  }
}

function passPolicy(gate: Gate, request: AdmissionRequest): void {
  const { name } = gate;
  const message = gate.message ?? 'settings of gateways need a ticket';
  const words = `ValidatingAdmissionPolicy '${name}' with binding '${name}'`;
  if (gate.does === 'warn') {
    request.warn?.(`Validation failed for ${words}: ${message}`);
    return;
  }
  const code = gate.code ?? 422;
  const denial = `${words} denied request: ${message}`;
  const { message: text, details } = forbidden(
    request.resource,
    request.name,
    denial,
    [{ message: denial }],
  );
  throw new StatusError(code, reasons[code], text, details);
}

/** What may refuse a valid write: quotas, webhooks and policies, all of them switched on by a test. @internal */
export class Admission {
  private quotas: Quota[] = [];
  private gates: Gate[] = [];

  constructor(private readonly store: ObjectStore) {}

  add(fault: Quota | Gate): void {
    if (fault.kind === 'quota') {
      this.quotas.push(fault);
    } else {
      this.gates.push(fault);
    }
  }

  clear(): void {
    this.quotas = [];
    this.gates = [];
  }

  list(): (Quota | Gate)[] {
    return [...this.quotas, ...this.gates];
  }

  /** The time that a hanging webhook holds a request up. */
  delayMs(request: AdmissionRequest): number {
    return this.gates.some(
      gate => gate.does === 'hang' && concerns(gate, request),
    )
      ? hangMs
      : 0;
  }

  /** Throws where something refuses. */
  review(request: AdmissionRequest): void {
    for (const gate of this.gates) {
      if (concerns(gate, request)) {
        if (gate.kind === 'webhook') {
          passWebhook(gate, request);
        } else {
          passPolicy(gate, request);
        }
      }
    }
    if (request.operation === 'CREATE') {
      this.requireQuota(request);
    }
  }

  private requireQuota({ resource, namespace, name }: AdmissionRequest): void {
    for (const quota of this.quotas) {
      const limited = quota.hard[resource.plural];
      if (quota.namespace === namespace && limited !== undefined) {
        const used = this.store.list(resource, namespace).filter(counts).length;
        if (used + 1 > limited) {
          const { plural } = resource;
          throw forbidden(
            resource,
            name,
            `exceeded quota: ${
              quota.name ?? 'sandbox'
            }, requested: ${plural}=1, used: ${plural}=${used}, limited: ${plural}=${limited}`,
          );
        }
      }
    }
  }
}

/** Pods that ended count against no quota. */
function counts(object: KubeObject): boolean {
  return !['Failed', 'Succeeded'].includes(
    String(recordAt(object, 'status').phase),
  );
}
