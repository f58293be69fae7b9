import { type PlanLine, sentence } from '../core';
import type { IntegrationSystems } from '../integration/observe';
import type { DesiredIntegration } from '../integration/types';
import { GatewayRolloutError, putBack } from '../targets';
import type { TargetWriteOptions } from '../targets/types';
import {
  prepareSwitch,
  type PreparedSwitch,
  type SwitchWaivers,
} from './preflight';
import { reportLocalAccounts } from './localAccounts';
import { followUnfinishedRollout } from './restart';
import { verifyObserved, verifySwitch, type VerifyOptions } from './verify';

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

/** A gateway that crashes is started again only after minutes. */
const WAYS_TO_START =
  'If you have fixed the cause, run hoop:gateway:restart. To return to local sign-in, run hoop:gateway:disconnect.';

/**
 * Makes a gateway sign people in with its application: proves what can be proven before, switches the settings, waits
 * for the restart, and proves that the gateway uses them. Any failure after the first write restores the previous
 * settings. Where nothing has to change, nothing is written, but the rest is still done and proven: another run may have
 * been killed while the gateway restarted.
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
    // In a dry run of a whole template the step that ensures the application has written nothing.
    applicationPending: options.dryRun,
  });
  const { plan } = prepared;
  options.onPlan?.(plan.changes);
  if (plan.restart && plan.changes.length === 0) {
    options.log(
      'Restart needed: the gateway started before its settings last changed',
    );
  }
  const unchanged = { changes: plan.changes, writes: 0, restarted: false };
  if (options.dryRun) {
    return unchanged;
  }
  if (plan.changes.length === 0 && !plan.restart) {
    await proveUnchanged(systems, desired, prepared, options);
    const cleaned = await prepared.reading.unverified?.confirm(options);
    return { ...unchanged, writes: cleaned ?? 0 };
  }
  const applied = await plan.apply(options);
  try {
    await verifySwitch(systems, desired, {
      ...options.verify,
      signal: options.signal,
      log: options.log,
    });
  } catch (error) {
    const { ok, line } = await putBack(
      restore => applied.restore(restore),
      options.log,
    );
    if (ok) {
      await reportLocalAccounts(systems.hoop, options);
    }
    options.signal?.throwIfAborted();
    throw new GatewayRolloutError(
      `The gateway ${
        plan.restart ? 'came up' : 'has the settings'
      } but does not sign people in with authentik. ${sentence(error)} ${line}`,
    );
  }
  const cleaned = await applied.finish(options);
  return {
    changes: plan.changes,
    writes: applied.writes + cleaned,
    restarted: plan.restart,
  };
}

/** Waits for a rollout that an earlier run or another process has begun, and proves that people can sign in. */
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
      introduction: `The gateway "${desired.gateway.name}" was not changed: it already has the settings.`,
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
      ? verifySwitch(systems, desired, verify)
      : verifyObserved(systems, desired, observed, verify));
  } catch (error) {
    options.signal?.throwIfAborted();
    const { unverified } = reading;
    const undone =
      unverified && !unverified.refusal
        ? await putBack(undo => unverified.undo(undo), options.log)
        : undefined;
    if (undone?.ok) {
      await reportLocalAccounts(systems.hoop, options);
    }
    throw new GatewayRolloutError(
      [
        'The gateway already has the settings and was not changed, but does not sign people in with authentik.',
        sentence(error),
        ...(undone
          ? [`An earlier run has left them unverified. ${undone.line}`]
          : []),
      ].join(' '),
    );
  }
}
