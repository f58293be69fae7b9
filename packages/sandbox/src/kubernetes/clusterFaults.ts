import { Admission, Gate, Quota } from './admission';
import { ObjectRemover } from './objectRemover';

/**
 * What a cluster may have in the way, switched on by a test: `busy` is an API server without a free seat, `starting` one
 * whose access rules are not loaded yet, `terminating` a namespace that is going.
 * @public
 */
export type ClusterFault =
  | Quota
  | Gate
  | { kind: 'busy'; times?: number }
  | { kind: 'starting'; forMs?: number; times?: number }
  | { kind: 'terminating'; namespace: string };

const kinds = ['quota', 'webhook', 'policy', 'busy', 'starting', 'terminating'];
const behaviours = [
  'out-of-reach',
  'answer-500',
  'hang',
  'present-untrusted-certificate',
  'deny',
  'warn',
];

/** A message about what is wrong with a fault, or undefined. @internal */
export function clusterFaultProblem(
  fault: Record<string, unknown>,
): string | undefined {
  if (!kinds.includes(String(fault.kind))) {
    return `kind must be one of ${kinds.join(', ')}`;
  }
  if (fault.kind === 'quota') {
    return typeof fault.namespace === 'string' &&
      typeof fault.hard === 'object' &&
      fault.hard !== null
      ? undefined
      : 'a quota needs namespace and hard';
  }
  if (fault.kind === 'webhook' || fault.kind === 'policy') {
    return typeof fault.name === 'string' &&
      behaviours.includes(String(fault.does))
      ? undefined
      : `name is needed, and does must be one of ${behaviours.join(', ')}`;
  }
  return fault.kind === 'terminating' && typeof fault.namespace !== 'string'
    ? 'namespace is needed'
    : undefined;
}

/** The faults in force. @internal */
export class ClusterFaults {
  private busyRequests = 0;
  private startingRequests = 0;
  private startingUntil = 0;

  constructor(
    private readonly admission: Admission,
    private readonly remover: ObjectRemover,
  ) {}

  add(fault: ClusterFault): void {
    switch (fault.kind) {
      case 'quota':
      case 'webhook':
      case 'policy':
        this.admission.add(fault);
        break;
      case 'busy':
        this.busyRequests = fault.times ?? Infinity;
        break;
      case 'starting':
        this.startingRequests = fault.times ?? Infinity;
        this.startingUntil = Date.now() + (fault.forMs ?? Infinity);
        break;
      default:
        this.remover.terminate(fault.namespace);
    }
  }

  /** Those in force; a namespace that is going shows in the namespace. */
  list(): ClusterFault[] {
    return [
      ...this.admission.list(),
      ...(this.busyRequests > 0 ? [{ kind: 'busy' as const }] : []),
      ...(this.startingRequests > 0 && Date.now() <= this.startingUntil
        ? [{ kind: 'starting' as const }]
        : []),
    ];
  }

  /** A namespace that is going stays so. */
  clear(): void {
    this.admission.clear();
    this.busyRequests = 0;
    this.startingRequests = 0;
  }

  /** Counts a request that finds no free seat. */
  takeBusy(): boolean {
    if (this.busyRequests <= 0) {
      return false;
    }
    this.busyRequests -= 1;
    return true;
  }

  /** Counts a request that comes before the access rules are loaded. */
  takeStarting(): boolean {
    if (this.startingRequests <= 0 || Date.now() > this.startingUntil) {
      return false;
    }
    this.startingRequests -= 1;
    return true;
  }
}
