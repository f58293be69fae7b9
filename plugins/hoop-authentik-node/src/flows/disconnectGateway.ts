import { setTimeout as sleep } from 'node:timers/promises';
import {
  InputError,
  isError,
  ServiceUnavailableError,
} from '@backstage/errors';
import type { CallOptions, PlanLine } from '../core';
import type { HoopClient } from '../systems/hoop/types';
import { GatewayRolloutError } from '../targets';
import type { TargetReading } from '../targets/types';
import { messageOf, restoreAfterFailure } from './afterFailure';
import type { ConfigureOptions, ConfigureResult } from './configureGateway';
import { followUnfinishedRollout, isRunning } from './followRollout';
import type { IntegrationSystems } from '../integration/observe';
import { refuseOwners } from './preflight';
import type { DesiredIntegration } from '../integration/types';

/** @public */
export type DisconnectOptions = ConfigureOptions;

/** @public */
export type DisconnectResult = ConfigureResult;

const DEFAULT_TIMEOUT_MS = 30_000;
const PAUSE_MS = 250;

/**
 * Puts a gateway back to local sign-in: takes the settings and the references to them away, sees the restart through,
 * and proves that the gateway signs people in by itself. Anything that goes wrong until then puts the settings back.
 * Only then is what nothing reads any more cleaned up. Where the gateway has no settings, nothing is written, and the
 * proof is demanded all the same: what the gateway stores itself beats its environment.
 *
 * @throws InputError when something else keeps the gateway from local sign-in, or a live write is refused
 * @throws GatewayRolloutError when the gateway did not come up, or came up with another sign-in
 * @throws ServiceUnavailableError when a system cannot be reached, or something is left to clean up
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
  const reading = await target.read(options);
  const plan = reading.planDisconnect();
  if (plan.refusals.length > 0) {
    throw new InputError(`${refusal} ${plan.refusals.join(' ')}`);
  }
  const changes: PlanLine[] = plan.changes;
  if (changes.length > 0 && !options.allowManaged) {
    refuseOwners(plan.owners, refusal);
  }
  options.onPlan?.(changes);
  const nothingToDo = changes.length === 0 && !plan.restart;
  // In a dry run nothing is waited for; what can be told at once is told.
  if (nothingToDo && (!options.dryRun || isRunning(reading))) {
    await proveLocalSignIn(hoop, reading, refusal, options);
  }
  if (nothingToDo || options.dryRun) {
    return { changes, writes: 0, restarted: false };
  }
  const applied = await plan.apply(options);
  if (applied.writes > 0) {
    try {
      await waitForLocalSignIn(hoop, options);
    } catch (error) {
      const restored = await restoreAfterFailure(applied, options);
      options.signal?.throwIfAborted();
      throw new GatewayRolloutError(
        `The gateway came up but does not sign people in by itself. ${restored} ${messageOf(
          error,
        )}`,
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

/**
 * Of a gateway that reads none of the settings already. One that has come up before says at once how it signs people in;
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
      wayOut:
        'What is mended already counts at once after hoop:gateway:restart.',
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
    throw new Refusal(`${refusal} ${messageOf(error)}`);
  }
}

/** A gateway may need a moment to serve after its start. */
async function waitForLocalSignIn(
  hoop: HoopClient,
  options: CallOptions & Pick<DisconnectOptions, 'verify'>,
): Promise<void> {
  const deadline =
    Date.now() + (options.verify?.timeoutMs ?? DEFAULT_TIMEOUT_MS);
  for (;;) {
    const found = await hoop.getInfo(options).catch((error: Error) => error);
    options.signal?.throwIfAborted();
    if (!(found instanceof Error) && found.authMethod === 'local') {
      return;
    }
    if (Date.now() + PAUSE_MS >= deadline) {
      throw found instanceof Error
        ? new ServiceUnavailableError(
            `The gateway could not be asked how it signs people in: ${found.message}`,
          )
        : new InputError(
            `${hoop.url} still answers that it signs people in with "${found.authMethod}"; expected "local". ` +
              'A sign-in configuration stored in the gateway itself counts instead of its environment: change it to local accounts there (Integrations > Authentication), then run the task again. ' +
              'Where none is stored, the gateway started before its environment last changed: restart it first (hoop:gateway:restart with always).',
          );
    }
    await sleep(PAUSE_MS, undefined, { signal: options.signal });
  }
}
