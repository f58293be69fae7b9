import { sentence } from '../core';
import { GatewayRolloutError } from '../targets';
import type {
  TargetReading,
  TargetWriteOptions,
  UnverifiedSwitch,
} from '../targets/types';
import { isRunning } from './running';

/** What became of a switch that an earlier run left unverified. @internal */
export interface SettledSwitch {
  /** The previous settings are restored. */
  undone: boolean;
  /** What was read of the gateway before is no longer true. */
  changed: boolean;
}

const NOTHING_TO_SETTLE: SettledSwitch = { undone: false, changed: false };

/**
 * Undoes a switch that an earlier run has left unverified, where the gateway does not run with it or its writes are
 * incomplete. One with which the gateway runs is left to the end of this run, which verifies it. A dry run only says so.
 *
 * @param options - `answers`: the gateway has just answered; without it, an answer is waited for
 * @throws ServiceUnavailableError naming what could not be restored
 * @internal
 */
export async function settleUnverified(
  reading: TargetReading,
  {
    dryRun,
    answers = false,
    ...options
  }: TargetWriteOptions & { dryRun?: boolean; answers?: boolean },
): Promise<SettledSwitch> {
  const { unverified } = reading;
  if (!unverified) {
    return NOTHING_TO_SETTLE;
  }
  const [firstProblem] = reading.state.rollout.problems;
  if (dryRun) {
    options.log(
      `${introduce(
        unverified,
      )} A run without dryRun undoes it first where the gateway does not run.`,
      'warn',
    );
    return NOTHING_TO_SETTLE;
  }
  const wait = !(isRunning(reading) && answers);
  const reason =
    (unverified.interrupted
      ? 'Its run was cut off between two writes.'
      : undefined) ??
    (firstProblem &&
      `The gateway does not run with it: ${sentence(firstProblem)}`) ??
    (wait ? await whyNotRunning(reading, options) : undefined);
  if (reason === undefined) {
    return { undone: false, changed: wait };
  }
  if (unverified.refusal) {
    options.log(
      `${introduce(unverified)} ${reason} It was not undone: ${sentence(
        unverified.refusal,
      )}`,
      'warn',
    );
    return { undone: false, changed: wait };
  }
  options.log(`${introduce(unverified)} ${reason} Undoing it first.`, 'warn');
  try {
    await unverified.undo(options);
  } catch (error) {
    if (!(error instanceof GatewayRolloutError)) {
      throw error;
    }
    // The settings are as they were, and what this run is about to do may help.
    options.log(`After the switch was undone, ${sentence(error)}`, 'error');
  }
  return { undone: true, changed: true };
}

function introduce({ since }: UnverifiedSwitch): string {
  return `A switch of the gateway${
    since ? ` that began at ${since}` : ''
  } was never verified.`;
}

async function whyNotRunning(
  reading: TargetReading,
  options: TargetWriteOptions,
): Promise<string | undefined> {
  try {
    await reading.followRollout?.(options);
    return undefined;
  } catch (error) {
    options.signal?.throwIfAborted();
    if (error instanceof GatewayRolloutError) {
      return sentence(error);
    }
    throw error;
  }
}
