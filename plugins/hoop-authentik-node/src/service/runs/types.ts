import type { CallOptions } from '../../core';

/**
 * How long a run keeps its gateway without being heard of, in milliseconds: longer than the deadline of any write, so
 * that no write of a run that lost its process is still under way when the next run begins.
 *
 * @public
 */
export const RUN_LEASE_MS = 90_000;

/**
 * The run that holds a gateway.
 *
 * @public
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
 * An object that a run of ours has created in another system, or was about to create when it was cut off.
 *
 * @public
 */
export interface CreatedObject {
  /** Base URL of the authentik instance. */
  system: string;
  kind: 'application' | 'provider' | 'certificate';
  /** Slug of an application, name of a provider or certificate. */
  name: string;
}

/**
 * A run that may write to its gateway until it ends or loses its lease.
 *
 * @public
 */
export interface GatewayRun {
  readonly id: string;
  /** Fires when the lease is lost. */
  readonly signal: AbortSignal;
  /** What our runs have created for this gateway, this run included. */
  readonly created: readonly CreatedObject[];
  /**
   * Makes sure that the gateway is still held by this run; asked before each write.
   *
   * @throws ConflictError when another run holds the gateway by now
   * @throws ServiceUnavailableError when that cannot be determined
   */
  confirm(): Promise<void>;
  /** Notes an object before it is created, so that a later run knows it for ours if this one is cut off. */
  record(object: CreatedObject): Promise<void>;
  /** Notes that an object is gone. */
  forget(object: CreatedObject): Promise<void>;
  /** Gives the gateway back; never throws. */
  end(): Promise<void>;
}

/** @public */
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
 * @public
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
