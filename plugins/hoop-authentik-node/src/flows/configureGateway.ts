import type { PlanLine } from '../core';
import type { TargetWriteOptions } from '../targets/types';
import { GatewayRolloutError } from '../targets';
import { messageOf, restoreAfterFailure } from './afterFailure';
import { followUnfinishedRollout } from './followRollout';
import type { IntegrationSystems } from '../integration/observe';
import {
  prepareSwitch,
  type PreparedSwitch,
  type SwitchWaivers,
} from './prepareSwitch';
import type { DesiredIntegration } from '../integration/types';
import {
  verifyGateway,
  verifyObserved,
  type VerifyOptions,
} from './verifyGateway';

/** @public */
export interface ConfigureOptions extends TargetWriteOptions, SwitchWaivers {
  /** Stop after the plan. */
  dryRun?: boolean;
  verify?: Pick<VerifyOptions, 'timeoutMs'>;
  /** Receives the plan before anything is written. */
  onPlan?(changes: PlanLine[]): void;
}

/** @public */
export interface ConfigureResult {
  changes: PlanLine[];
  /** Requests that changed something. */
  writes: number;
  restarted: boolean;
}

/** Of a gateway that crashes, a new start is due only after minutes. */
const WAYS_TO_START =
  'What is mended already counts at once after hoop:gateway:restart; to put the gateway back to local sign-in, use hoop:gateway:disconnect.';

/**
 * Makes a gateway sign people in with its application: proves what can be proven before, switches the settings, sees
 * the restart through, and proves that the gateway uses them. Anything that goes wrong after the first write puts the
 * previous settings back. Where everything is right already, nothing is written, and the rest is done and proven all the
 * same: another run may have been killed while the gateway restarted.
 *
 * @throws InputError when a check that must pass before the switch fails, or a live write is refused
 * @throws GatewayRolloutError when the gateway did not come up, or came up without using the settings
 * @throws ServiceUnavailableError when a system cannot be reached
 * @public
 */
export async function configureGateway(
  systems: IntegrationSystems,
  desired: DesiredIntegration,
  options: ConfigureOptions,
): Promise<ConfigureResult> {
  const prepared = await prepareSwitch(systems, desired, {
    ...options,
    loginUrl: !options.dryRun,
    // In a dry run of a whole template the step that puts the application right has written nothing.
    applicationPending: options.dryRun,
  });
  const { plan } = prepared;
  options.onPlan?.(plan.changes);
  if (plan.restart && plan.changes.length === 0) {
    options.log(
      'The gateway has to restart: it started before its settings last changed',
    );
  }
  const unchanged = { changes: plan.changes, writes: 0, restarted: false };
  if (options.dryRun) {
    return unchanged;
  }
  if (plan.changes.length === 0 && !plan.restart) {
    await proveUnchanged(systems, desired, prepared, options);
    return unchanged;
  }
  const applied = await plan.apply(options);
  try {
    await verifyGateway(systems, desired, {
      ...options.verify,
      signal: options.signal,
      log: options.log,
    });
  } catch (error) {
    const restored = await restoreAfterFailure(applied, options);
    options.signal?.throwIfAborted();
    throw new GatewayRolloutError(
      `The gateway ${
        plan.restart ? 'came up' : 'has the settings'
      } but does not sign people in with authentik. ${restored} ${messageOf(
        error,
      )}`,
    );
  }
  const cleaned = await applied.finish(options);
  return {
    changes: plan.changes,
    writes: applied.writes + cleaned,
    restarted: plan.restart,
  };
}

/** Sees a rollout through that an earlier run, or somebody else, has begun, and proves that people can sign in. */
async function proveUnchanged(
  systems: IntegrationSystems,
  desired: DesiredIntegration,
  { observed, reading }: PreparedSwitch,
  options: ConfigureOptions,
): Promise<void> {
  const { info } = observed.gateway;
  const followed = await followUnfinishedRollout(
    reading,
    {
      introduction: `The gateway "${desired.gateway.name}" was not changed: it has the settings already.`,
      wayOut: WAYS_TO_START,
      silence: info.ok ? undefined : info.error,
    },
    options,
  );
  const verify = {
    ...options.verify,
    signal: options.signal,
    log: options.log,
  };
  try {
    await (followed
      ? verifyGateway(systems, desired, verify)
      : verifyObserved(systems, desired, observed, verify));
  } catch (error) {
    options.signal?.throwIfAborted();
    throw new GatewayRolloutError(
      `The gateway has the settings already and was not changed, but does not sign people in with authentik. ${messageOf(
        error,
      )}`,
    );
  }
}
