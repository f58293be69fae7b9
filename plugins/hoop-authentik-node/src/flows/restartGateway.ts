import { InputError } from '@backstage/errors';
import type { TargetState, TargetWriteOptions } from '../targets/types';
import type { IntegrationSystems } from '../integration/observe';

/** @public */
export interface RestartResult {
  restarted: boolean;
  /** Why, in words. */
  reason: string;
}

/**
 * Restarts a gateway and waits until it runs, by default only when it started before its settings last changed.
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
  const { state } = await target.read(options);
  const running = state.rollout.done && state.rollout.problems.length === 0;
  if (!options.always && state.settingsInUse && running) {
    return {
      restarted: false,
      reason: 'it runs with the settings as stored',
    };
  }
  if ('fails' in state.outcome) {
    throw new InputError(
      `The gateway was not restarted, because it would not start with its environment: ${state.outcome.fails}. ` +
        'Configure it first.',
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
  { settingsInUse }: Pick<TargetState, 'settingsInUse'>,
): string {
  if (always) {
    return 'a restart was asked for';
  }
  if (settingsInUse === undefined) {
    return 'no container of it runs';
  }
  return running
    ? 'it started before its settings last changed'
    : 'its rollout is not complete';
}
