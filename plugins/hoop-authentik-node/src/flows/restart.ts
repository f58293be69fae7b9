import { InputError } from '@backstage/errors';
import { reasonOf, sentence } from '../core';
import type { IntegrationSystems } from '../integration/observe';
import { GatewayRolloutError } from '../targets';
import type {
  TargetReading,
  TargetState,
  TargetWriteOptions,
} from '../targets/types';
import { isRolledOut, isRunning } from './running';
import { settleUnverified } from './unverified';

/** @public */
export interface RestartResult {
  restarted: boolean;
  /** Why, in words. */
  reason: string;
}

/**
 * Restarts a gateway and waits until it runs, by default only when it started before its settings last changed. A switch
 * that no run has verified and with which the gateway does not run is undone instead.
 *
 * @throws InputError when the gateway would not start with its environment
 * @throws GatewayRolloutError when it did not come up
 * @public
 */
export async function restartGateway(
  { target }: Pick<IntegrationSystems, 'target'>,
  options: TargetWriteOptions & { dryRun?: boolean; always?: boolean },
): Promise<RestartResult> {
  if (target.refusal) {
    throw new InputError(`The gateway was not restarted. ${target.refusal}`);
  }
  const found = await target.read(options);
  const { undone, changed } = await settleUnverified(found, options);
  if (undone) {
    return {
      restarted: true,
      reason:
        'a switch that was never verified has failed, so its previous settings are restored',
    };
  }
  const { state } = changed ? await target.read(options) : found;
  const running = isRolledOut(state);
  if (
    !options.always &&
    state.settingsInUse &&
    !state.settingsInUseUndetermined &&
    running
  ) {
    return {
      restarted: false,
      reason: 'it already runs with its current settings',
    };
  }
  if ('fails' in state.outcome) {
    throw new InputError(
      `The gateway was not restarted, because it would not start with its environment: ${reasonOf(
        state.outcome.fails,
      )}. Run hoop:gateway:configure first.`,
    );
  }
  // A target that cannot restart gateways says why, in a dry run as well.
  if (!options.dryRun || !target.capabilities.restartsGateway) {
    await target.restart(options);
  }
  return {
    restarted: !options.dryRun,
    reason: reasonToRestart(options.always ?? false, running, state),
  };
}

function reasonToRestart(
  always: boolean,
  running: boolean,
  {
    settingsInUse,
    settingsInUseUndetermined,
  }: Pick<TargetState, 'settingsInUse' | 'settingsInUseUndetermined'>,
): string {
  if (always) {
    return 'a restart was requested';
  }
  if (settingsInUse === undefined) {
    return 'none of its containers is running';
  }
  if (running && settingsInUse && settingsInUseUndetermined) {
    return `whether it runs with its current settings cannot be determined: ${settingsInUseUndetermined}`;
  }
  return running
    ? 'it started before its settings last changed'
    : 'its rollout is not complete';
}

/** What is said of a gateway that does not come up. */
interface UnfinishedRollout {
  /** What became of it. */
  introduction: string;
  /** What else can be done. */
  wayOut: string;
  /** Why it does not answer, where it was asked: between two crashes the cluster shows a gateway that runs. */
  silence?: Error;
}

/**
 * For a gateway that needs no change: a run that was killed leaves one behind whose rollout is not over and may fail.
 *
 * @returns whether there was a rollout to wait for
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
  options.log('Nothing to change, but the gateway is not running yet');
  try {
    await reading.followRollout(options);
  } catch (error) {
    options.signal?.throwIfAborted();
    throw error instanceof GatewayRolloutError
      ? new GatewayRolloutError(
          [
            introduction,
            ...(silence ? [`It did not answer: ${sentence(silence)}`] : []),
            sentence(error),
            wayOut,
          ].join(' '),
        )
      : error;
  }
  return true;
}
