import type { Deployment, KubernetesClient } from '../types';

/**
 * How long a rollout may take in its parts, in milliseconds.
 *
 * @public
 */
export interface RolloutPatience {
  /** For a container that cannot be created, for example for a Secret that the kubelet has not seen yet. */
  createMs: number;
  /** For an image that cannot be pulled, for example because it is still being published. */
  pullMs: number;
  /** For pods that a quota or admission refuses, for example until old ones are gone. */
  refusedMs: number;
  /**
   * Between two looks at the pods while the Deployment does not change. An image that cannot be pulled, or a container
   * that crashes after the rollout, changes only the pods. Grows to five times as much while nothing changes.
   */
  lookAgainMs: number;
  /** Between two questions to the gateway of a complete rollout: at most five a second. */
  confirmAgainMs: number;
  /** How long an open watch may be silent before the Deployment is read once: there is a bookmark about every minute. */
  silentWatchMs: number;
  /** Before a watch that broke off is opened again. */
  reopenWatchMs: number;
}

/** @internal */
export const DEFAULT_PATIENCE: RolloutPatience = {
  createMs: 15_000,
  pullMs: 60_000,
  refusedMs: 5_000,
  lookAgainMs: 1_000,
  confirmAgainMs: 200,
  silentWatchMs: 90_000,
  reopenWatchMs: 500,
};

/** @public */
export interface WaitForRolloutOptions {
  client: KubernetesClient;
  namespace: string;
  deployment: string;
  /** The Deployment as the answer to the change showed it; without it, it is read first. */
  from?: Deployment;
  /** The gateway's container; others are not judged. */
  container: string;
  timeoutMs: number;
  /** Replaces single values of the usual patience. */
  patience?: Partial<RolloutPatience>;
  /** Receives a line each time it differs from the previous one. */
  onProgress(line: string): void;
  /** Makes messages and log lines of the cluster fit to be shown: one line, without control characters and secrets. */
  redact(text: string): string;
  signal?: AbortSignal;
  /**
   * When the change was made, ideally taken just before the write; default now. Earlier restarts of older pods, and
   * earlier missed deadlines, do not count.
   */
  since?: Date;
  /**
   * The rollout began before this call: what its containers did until now does not count. One that crashed may have been
   * fixed since, so only its next try counts.
   */
  begun?: boolean;
  /**
   * Asked once the Deployment is complete, and again until it resolves to true: does the gateway answer? Meanwhile the pods
   * are still watched. A gateway that ends during its boot is reported as complete for a second or two, because it has no
   * readiness probe; with this the wait ends with the reason in its log instead. A rejection counts as false.
   */
  confirm?(signal: AbortSignal): Promise<boolean>;
  /** What it may mean that the gateway never answered, as part of a sentence. */
  silence?: string;
}

/** @public */
export type RolloutResult = { ok: true } | { ok: false; reason: string };
