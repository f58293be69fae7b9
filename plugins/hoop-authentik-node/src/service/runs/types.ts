import type { CreationRecords, GrantRecords } from '../../application';
import type { CallOptions } from '../../core';
import type { SwitchRecords } from '../../targets';
import type { PresentedRequest } from './approval';

/**
 * The longest that a write may take, in milliseconds: a gateway loads an issuer within it, and a Kubernetes API server that
 * asks for patience is asked three times.
 *
 * @internal
 */
export const LONGEST_WRITE_MS = 60_000;

/**
 * How long a run keeps its gateway without being heard of, in milliseconds: longer than any write, so that no write of a run
 * that lost its process is still under way when the next run begins. What is left goes to the way back of a run that
 * cannot reach the backend plugin.
 *
 * @alpha
 */
export const RUN_LEASE_MS = 2 * LONGEST_WRITE_MS;

/**
 * The run that holds a gateway.
 *
 * @alpha
 */
export interface RunHolder {
  runId: string;
  /** The scaffolder task that it belongs to. */
  taskId: string;
  /** Id of its action, such as `hoop:gateway:configure`. */
  action: string;
  /** When it began: ISO 8601, UTC. */
  since: string;
}

/**
 * A run that may write to its gateway until it ends or loses its lease.
 *
 * @alpha
 */
export interface GatewayRun
  extends CreationRecords,
    SwitchRecords,
    GrantRecords {
  readonly id: string;
  /** Fires when the lease is lost. */
  readonly signal: AbortSignal;
  /**
   * Makes sure that the gateway is still held by this run; asked before each write. Where the backend plugin cannot be asked,
   * writes of a way back go on as long as the lease that was confirmed last lasts; others do not.
   *
   * @throws ConflictError when another run holds the gateway by now
   * @throws ServiceUnavailableError when that cannot be determined
   */
  confirm(options?: Pick<CallOptions, 'lane'>): Promise<void>;
  /** Gives the gateway back; never throws. */
  end(outcome?: 'completed' | 'failed'): Promise<void>;
}

/** @alpha */
export interface BeginRunOptions extends CallOptions {
  /** Name of the gateway in app-config. */
  gateway: string;
  taskId: string;
  action: string;
  /** Who started it, as an entity reference. */
  user?: string;
  /** Receives a line when the run has to wait for another one. */
  log(line: string): void;
}

/**
 * Sees to it that runs which write to the same gateway never overlap, on any number of backend replicas.
 *
 * @alpha
 */
export interface GatewayRuns {
  /**
   * Waits until no other run holds the gateway, for five minutes at most.
   *
   * @throws ConflictError naming the task that holds the gateway
   * @throws ServiceUnavailableError when the backend plugin cannot be asked
   */
  begin(options: BeginRunOptions): Promise<GatewayRun>;
  /**
   * Shows the request that a task carries out. It stands in for the permission to manage the gateway where it is approved for
   * exactly this gateway, action and inputs, and for no other task.
   *
   * @throws NotAllowedError saying why it does not allow the action
   * @throws ServiceUnavailableError when the backend plugin cannot be asked
   */
  present(request: PresentedRequest, options?: CallOptions): Promise<void>;
}
