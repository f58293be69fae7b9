import { InputError } from '@backstage/errors';
import { reasonOf, sentence } from '../core';
import type { IntegrationSystems } from '../integration/observe';
import { GatewayRolloutError } from '../targets';
import type {
  TargetReading,
  TargetState,
  TargetWriteOptions,
} from '../targets/types';
import type { DesiredIntegration } from '../integration/types';
import { waitForLocalSignIn } from './localSignIn';
import { isRolledOut, isRunning } from './running';
import { settleUnverified } from './unverified';
import { verifySwitch, type VerifyOptions } from './verify';

/** @public */
export interface RestartResult {
  restarted: boolean;
  /** Why, in words. */
  reason: string;
}

/** @public */
export interface RestartOptions extends TargetWriteOptions {
  dryRun?: boolean;
  /** Restart a gateway that runs with its settings, too. */
  always?: boolean;
  verify?: Pick<VerifyOptions, 'timeoutMs'>;
}

/**
 * Restarts a gateway and waits until it runs, by default only when it started before its settings last changed. A switch
 * that no run has verified and with which the gateway does not run is undone instead; one with which it runs is verified.
 *
 * @throws InputError when the gateway would not start with its environment
 * @throws GatewayRolloutError when it did not come up
 * @public
 */
export async function restartGateway(
  systems: IntegrationSystems,
  desired: DesiredIntegration,
  options: RestartOptions,
): Promise<RestartResult> {
  const { target } = systems;
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
  const reading = changed ? await target.read(options) : found;
  const { state } = reading;
  const running = isRolledOut(state);
  if (
    !options.always &&
    state.settingsInUse &&
    !state.settingsInUseUndetermined &&
    running
  ) {
    await proveUnverified(systems, desired, reading, options);
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
  await proveUnverified(systems, desired, reading, options);
  return {
    restarted: !options.dryRun,
    reason: reasonToRestart(options.always ?? false, running, state),
  };
}

/** Where people can sign in, nothing has to be undone any more; else a run that may change settings decides. */
async function proveUnverified(
  systems: IntegrationSystems,
  desired: DesiredIntegration,
  { state, unverified }: TargetReading,
  options: RestartOptions,
): Promise<void> {
  if (!unverified || options.dryRun) {
    return;
  }
  const { signal, log, verify } = options;
  const { outcome } = state;
  try {
    await ('method' in outcome && outcome.method === 'local'
      ? waitForLocalSignIn(systems.hoop, { signal, verify })
      : verifySwitch(systems, desired, { ...verify, signal, log }));
  } catch (error) {
    signal?.throwIfAborted();
    log(
      `The gateway runs, but an earlier switch is still unverified: ${sentence(
        error,
      )} Run hoop:gateway:configure, which verifies or undoes it.`,
      'warn',
    );
    return;
  }
  await unverified.confirm(options);
  log('An earlier switch that was never verified is verified now');
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
