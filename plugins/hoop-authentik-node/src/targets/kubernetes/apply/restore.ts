import { ServiceUnavailableError } from '@backstage/errors';
import { reasonOf } from '../../../core';
import { GatewayRolloutError } from '../../failure';
import type { TargetWriteOptions } from '../../types';
import type { WriteStep } from '../plan/steps';
import type { SwitchPlan } from '../plan/switchPlan';
import { readsSame, sourceOf, type Snapshot } from '../read/objects';
import type { DeploymentWrites } from './deploymentWrites';
import { waitForGateway, type GatewayInCluster } from './gatewayRollout';
import type { ObjectWrites } from './objectWrites';
import { persistently } from './writeAttempts';

/**
 * The least time in milliseconds that the previous settings get: a deadline set short must not give up on the way back.
 * Settings that do not work either still fail as soon as the container ends.
 */
const RETURN_TIMEOUT_MS = 60_000;

/** The writes of a gateway's objects. @internal */
export interface GatewayWrites {
  objects: ObjectWrites;
  deployment: DeploymentWrites;
}

/** How far a switch was carried out. @internal */
export interface Progress {
  /** In the order in which they were made. */
  done: WriteStep[];
  /** Whether a restart of its own followed. */
  restarted: boolean;
}

/**
 * Undoes what a switch has done and waits until the gateway runs with its previous settings.
 *
 * @throws ServiceUnavailableError naming what is restored and what is not
 * @throws GatewayRolloutError when the gateway does not come up with its previous settings either
 * @internal
 */
export async function restoreSettings(
  gateway: GatewayInCluster,
  writes: GatewayWrites,
  plan: SwitchPlan,
  progress: Progress,
  options: TargetWriteOptions,
): Promise<void> {
  const { config, snapshot } = gateway;
  const { done } = progress;
  const restarted =
    progress.restarted || done.some(({ type }) => type === 'references');
  if (done.length === 0 && !restarted) {
    return;
  }
  const since = new Date();
  options.log('Restoring the previous settings');
  await undoEach(writes, snapshot.container.name, done);
  if (!restarted) {
    return;
  }
  if (!endsWithRestart(snapshot, done)) {
    await persistently(() => writes.deployment.restart({}));
  }
  const reason = await waitForGateway(
    gateway,
    { since },
    options,
    plan,
    Math.max(config.rolloutTimeoutMs, RETURN_TIMEOUT_MS),
  );
  if (reason !== undefined) {
    throw new GatewayRolloutError(
      `the gateway did not come up with its previous settings either: ${reason}`,
    );
  }
  options.log('The gateway runs with its previous settings');
}

/**
 * Undoes the last step first, which leads through the states of the way there: the gateway could start in each of them.
 * The first step that cannot be undone ends it, since going on without it would lead to a state that was never checked.
 */
async function undoEach(
  { objects, deployment }: GatewayWrites,
  containerName: string,
  done: WriteStep[],
): Promise<void> {
  for (let left = done.length; left > 0; left--) {
    const step = done[left - 1];
    try {
      await (step.type === 'references'
        ? deployment.restoreReferences(containerName, step)
        : objects.restore(step.change));
    } catch (error) {
      throw new ServiceUnavailableError(
        `${reasonOf(error)}. ${describeRest(done, left)}`,
      );
    }
  }
}

/** What is not restored when so many steps are left to undo, and what is. Without a full stop: it ends a sentence. */
function describeRest(done: WriteStep[], left: number): string {
  const namesOf = (steps: WriteStep[]) => new Set(steps.map(describeStep));
  const missing = namesOf(done.slice(0, left));
  const restored = [...namesOf(done.slice(left))].filter(
    name => !missing.has(name),
  );
  return [
    ...(restored.length > 0 ? [`Restored: ${restored.join(', ')}`] : []),
    `Not restored: ${[...missing].join(', ')}`,
  ].join('. ');
}

function describeStep(step: WriteStep): string {
  return step.type === 'references'
    ? "the container's references"
    : `${step.change.kind} "${step.change.name}"`;
}

/** Whether undoing the steps restarts the gateway after everything that it reads is as it was. @internal */
export function endsWithRestart(
  { container }: Snapshot,
  done: WriteStep[],
): boolean {
  const first = done.findIndex(({ type }) => type === 'references');
  const undoneAfter = done.slice(0, Math.max(first, 0));
  return (
    first !== -1 &&
    undoneAfter.every(
      step =>
        step.type === 'references' ||
        !(container.envFrom ?? []).some(source =>
          readsSame(source, sourceOf(step.change)),
        ),
    )
  );
}
