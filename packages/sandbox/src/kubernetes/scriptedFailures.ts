/** A way the next rollout is told to fail. @public */
export type RolloutFailure = 'image-pull' | 'quota' | 'crash' | 'unschedulable';

/** @internal */
export const rolloutFailures: RolloutFailure[] = [
  'image-pull',
  'quota',
  'crash',
  'unschedulable',
];

/**
 * Failures asked for by a test or a demo. A failure strikes one rollout, i.e. one ReplicaSet for as long as it lives, so
 * that going back to the previous template recovers as it would in a cluster.
 * @internal
 */
export class ScriptedFailures {
  private armed: RolloutFailure[] = [];
  private readonly struck = new Map<string, RolloutFailure>();

  arm(failure: RolloutFailure, times: number): void {
    this.armed.push(...Array<RolloutFailure>(times).fill(failure));
  }

  /** Called once for every new ReplicaSet. */
  strike(replicaSetUid: string): void {
    const failure = this.armed.shift();
    if (failure) {
      this.struck.set(replicaSetUid, failure);
    }
  }

  failureOf(replicaSetUid: string | undefined): RolloutFailure | undefined {
    return replicaSetUid === undefined
      ? undefined
      : this.struck.get(replicaSetUid);
  }

  clear(): void {
    this.armed = [];
    this.struck.clear();
  }
}
