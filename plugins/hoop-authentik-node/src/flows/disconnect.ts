import {
  InputError,
  isError,
  ServiceUnavailableError,
} from '@backstage/errors';
import { type PlanLine, sentence } from '../core';
import type { IntegrationSystems } from '../integration/observe';
import type { DesiredIntegration } from '../integration/types';
import type { HoopClient } from '../systems/hoop/types';
import { GatewayRolloutError, putBack } from '../targets';
import type { TargetReading } from '../targets/types';
import type { ConfigureOptions, ConfigureResult } from './connect';
import {
  confirmLocalAdministrator,
  reportLocalAccounts,
  requireLocalAdministrator,
} from './localAccounts';
import { waitForLocalSignIn } from './localSignIn';
import { refuseOwners } from './refusals';
import { followUnfinishedRollout } from './restart';
import { isRunning } from './running';
import { settleUnverified } from './unverified';

/** @public */
export type DisconnectOptions = ConfigureOptions;

/** @public */
export type DisconnectResult = ConfigureResult;

/**
 * Returns a gateway to local sign-in: removes the settings and the references to them, waits for the restart, and proves
 * that the gateway uses local sign-in. Any failure until then restores the settings. Only after the proof are objects
 * cleaned up that nothing reads any more. Where the gateway has no settings, nothing is written, but the proof is still
 * required: a configuration that the gateway stores overrides its environment.
 *
 * An administrator has to have a local account, as far as the gateway's API key shows; `allowLockout` waives that.
 *
 * @throws InputError when other settings keep the gateway from local sign-in, a live write is refused, or no administrator
 *   is known to have a local account
 * @throws GatewayRolloutError when the gateway did not come up, or came up with another sign-in
 * @throws ServiceUnavailableError when a system cannot be reached, or objects are left to clean up
 * @public
 */
export async function disconnectGateway(
  { hoop, target }: Pick<IntegrationSystems, 'hoop' | 'target'>,
  desired: Pick<DesiredIntegration, 'gateway'>,
  options: DisconnectOptions,
): Promise<DisconnectResult> {
  const refusal = `The gateway "${desired.gateway.name}" was not changed.`;
  if (target.refusal) {
    throw new InputError(`${refusal} ${target.refusal}`);
  }
  const reading = await readToDisconnect(hoop, target, options);
  const plan = reading.planDisconnect();
  if (plan.refusals.length > 0) {
    throw new InputError(`${refusal} ${plan.refusals.join(' ')}`);
  }
  const changes: PlanLine[] = plan.changes;
  if (changes.length > 0) {
    refuseOwners(plan.owners, refusal, options);
  }
  const nothingToDo = changes.length === 0 && !plan.restart;
  if (!nothingToDo) {
    await requireLocalAdministrator(hoop, refusal, options);
  }
  options.onPlan?.(changes);
  // A dry run waits for nothing, and checks a gateway that already runs.
  if (nothingToDo && (!options.dryRun || isRunning(reading))) {
    await proveLocalSignIn(hoop, reading, refusal, options);
  }
  if (nothingToDo || options.dryRun) {
    const cleaned = options.dryRun
      ? undefined
      : await reading.unverified?.confirm(options);
    return { changes, writes: cleaned ?? 0, restarted: false };
  }
  const applied = await plan.apply(options);
  if (applied.writes > 0) {
    let fault = 'does not use local sign-in';
    try {
      await waitForLocalSignIn(hoop, options);
      fault = 'locks its administrators out';
      await confirmLocalAdministrator(hoop, options);
    } catch (error) {
      const { line } = await putBack(
        restore => applied.restore(restore),
        options.log,
      );
      options.signal?.throwIfAborted();
      throw new GatewayRolloutError(
        `The gateway came up but ${fault}. ${sentence(error)} ${line}`,
      );
    }
  } else {
    await proveLocalSignIn(hoop, reading, refusal, options);
  }
  const cleaned = await applied.finish(options);
  return {
    changes,
    writes: applied.writes + cleaned,
    restarted: plan.restart,
  };
}

/** What the target is like once an earlier switch that was never verified is settled. */
async function readToDisconnect(
  hoop: HoopClient,
  target: IntegrationSystems['target'],
  options: DisconnectOptions,
): Promise<TargetReading> {
  const reading = await target.read(options);
  if (!reading.unverified) {
    return reading;
  }
  const answers = await hoop.getInfo(options).then(
    () => true,
    () => false,
  );
  options.signal?.throwIfAborted();
  const { changed } = await settleUnverified(reading, { ...options, answers });
  return changed ? target.read(options) : reading;
}

/**
 * For a gateway that already reads none of the settings. One that has come up before reports its auth method immediately;
 * another run may have been killed while it restarted.
 */
async function proveLocalSignIn(
  hoop: HoopClient,
  reading: TargetReading,
  refusal: string,
  options: DisconnectOptions,
): Promise<void> {
  const followed = await followUnfinishedRollout(
    reading,
    {
      introduction: refusal,
      wayOut: 'If you have fixed the cause, run hoop:gateway:restart.',
    },
    options,
  );
  try {
    await waitForLocalSignIn(
      hoop,
      followed ? options : { ...options, verify: { timeoutMs: 0 } },
    );
  } catch (error) {
    options.signal?.throwIfAborted();
    const Refusal =
      isError(error) && error.name === InputError.name
        ? InputError
        : ServiceUnavailableError;
    const { unverified } = reading;
    if (!unverified || unverified.refusal || options.dryRun) {
      throw new Refusal(`${refusal} ${sentence(error)}`);
    }
    const { line } = await putBack(undo => unverified.undo(undo), options.log);
    throw new Refusal(
      `${refusal} ${sentence(
        error,
      )} An earlier run has left it unverified. ${line}`,
    );
  }
  if (hoop.hasApiKey) {
    await reportLocalAccounts(hoop, options);
  }
}
