import { sentence } from '../core';
import { GatewayRolloutError } from '../targets';
import type { TargetReading, TargetWriteOptions } from '../targets/types';
import { messageOf } from './afterFailure';

/** Whether there is a gateway to ask: everything rolled out and running. @internal */
export function isRunning({
  state: { rollout, settingsInUse },
}: Pick<TargetReading, 'state'>): boolean {
  return (
    rollout.done && rollout.problems.length === 0 && settingsInUse !== undefined
  );
}

/** What is said of a gateway that does not come up. @internal */
export interface UnfinishedRollout {
  /** What became of it. */
  introduction: string;
  /** What else can be done. */
  wayOut: string;
  /** Why it does not answer, where it was asked: between two crashes the cluster shows a gateway that runs. */
  silence?: Error;
}

/**
 * For a gateway that needs no change: one whose rollout is not over is not known to come up. A run that is killed in the
 * meantime leaves such a gateway behind.
 *
 * @returns whether there was anything to wait for
 * @throws GatewayRolloutError with the reason why the gateway does not come up
 * @internal
 */
export async function followUnfinishedRollout(
  reading: TargetReading,
  { introduction, wayOut, silence }: UnfinishedRollout,
  options: TargetWriteOptions,
): Promise<boolean> {
  if ((isRunning(reading) && !silence) || !reading.followRollout) {
    return false;
  }
  options.log('Nothing is left to change, but the gateway does not run yet');
  try {
    await reading.followRollout(options);
  } catch (error) {
    options.signal?.throwIfAborted();
    throw error instanceof GatewayRolloutError
      ? new GatewayRolloutError(
          [
            introduction,
            ...(silence ? [`It did not answer: ${sentence(silence)}`] : []),
            messageOf(error),
            wayOut,
          ].join(' '),
        )
      : error;
  }
  return true;
}
