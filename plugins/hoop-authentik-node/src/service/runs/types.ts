import type { CreationRecords } from '../../application';
import type { CallOptions } from '../../core';

/**
 * How long a run keeps its gateway without being heard of, in milliseconds: longer than the deadline of any write, so
 * that no write of a run that lost its process is still under way when the next run begins.
 *
 * @alpha
 */
export const RUN_LEASE_MS = 90_000;

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
export interface GatewayRun extends CreationRecords {
  readonly id: string;
  /** Fires when the lease is lost. */
  readonly signal: AbortSignal;
  /**
   * Makes sure that the gateway is still held by this run; asked before each write.
   *
   * @throws ConflictError when another run holds the gateway by now
   * @throws ServiceUnavailableError when that cannot be determined
   */
  confirm(): Promise<void>;
  /** Gives the gateway back; never throws. */
  end(): Promise<void>;
}

/** @alpha */
export interface BeginRunOptions extends CallOptions {
  /** Name of the gateway in app-config. */
  gateway: string;
  taskId: string;
  action: string;
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
}
