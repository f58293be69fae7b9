import { ServiceUnavailableError } from '@backstage/errors';
import { sentence } from '../../../core';
import type { TargetWriteOptions } from '../../types';
import type { ObjectChange } from '../plan/steps';
import { DeploymentWrites } from './deploymentWrites';
import type { GatewayInCluster } from './gatewayRollout';
import { ObjectWrites } from './objectWrites';
import { PreviousValuesStore } from './previousValues';
import type { GatewayWrites } from './restore';

/** @internal */
export function writesOf({
  client,
  config,
  patience,
}: GatewayInCluster): GatewayWrites {
  return {
    objects: new ObjectWrites(client, config, patience),
    deployment: new DeploymentWrites(client, config, patience),
    previous: new PreviousValuesStore(client, config, patience),
  };
}

/** What is left of a switch that is verified. @internal */
export interface SwitchRemains {
  /** Objects that nothing reads any more. */
  leftovers: ObjectChange[];
  /** The Deployment has the mark of an unverified switch. */
  isMarked: boolean;
  /** There are previous values in a Secret. */
  keepsValues: boolean;
}

/**
 * Cleans up after a switch that is verified: objects that nothing reads any more, and then what the way back needs, so that
 * a run that is killed here is finished by the next one.
 *
 * @returns the number of requests that changed something
 * @throws ServiceUnavailableError naming what is left
 * @internal
 */
export async function concludeSwitch(
  { config }: GatewayInCluster,
  writes: GatewayWrites,
  { leftovers, isMarked, keepsValues }: SwitchRemains,
  { log, signal }: TargetWriteOptions,
): Promise<number> {
  let made = 0;
  for (const change of leftovers) {
    signal?.throwIfAborted();
    const object = `${change.kind} ${config.namespace}/${change.name}`;
    try {
      const result = await writes.objects.cleanUp(change);
      made += result === 'gone' ? 0 : 1;
      log(
        result === 'emptied'
          ? `Settings removed from ${object}`
          : `${object} deleted`,
      );
    } catch (error) {
      throw new ServiceUnavailableError(
        `The gateway runs as planned and no longer reads the ${object}, but that still holds its settings: ${sentence(
          error,
        )} Run the task again to clean up.`,
      );
    }
  }
  try {
    if (keepsValues && (await writes.previous.remove()) === 'removed') {
      made += 1;
    }
    if (isMarked) {
      await writes.deployment.removeMark();
      made += 1;
    }
  } catch (error) {
    log(
      `The gateway runs as planned, but the record of its previous settings could not be removed: ${sentence(
        error,
      )} The next run removes it.`,
      'warn',
    );
  }
  return made;
}
