import { InputError } from '@backstage/errors';
import type { CallOptions } from '../../../core';
import { madeTo, type ObjectChange } from '../plan/steps';
import type { SwitchPlan } from '../plan/switchPlan';
import { canReplace } from '../read/ownership';
import type { GatewayInCluster } from './gatewayRollout';

/**
 * The plan with the objects that ours alternate with as they are now: reading a gateway does not look at them, since its
 * container does not.
 *
 * @throws InputError when another process has an object of that name
 * @internal
 */
export async function lookUpObjects(
  { client, config }: Pick<GatewayInCluster, 'client' | 'config'>,
  plan: SwitchPlan,
  { signal }: CallOptions,
): Promise<SwitchPlan> {
  const find = async ({ kind, name }: ObjectChange) => {
    const found = await client.get(kind, config.namespace, name, { signal });
    return (
      found && { object: found, isOurs: canReplace(found, config.deployment) }
    );
  };
  const steps = plan.steps.map(async step => {
    if (step.type !== 'object' || !step.change.lookUp) {
      return step;
    }
    const { change } = step;
    const found = await find(change);
    if (found && !found.isOurs) {
      throw new InputError(
        `Nothing was written: the ${change.kind} "${change.name}" is needed for the new settings, but it is immutable, is being deleted, or was not created by these plugins for Deployment "${config.deployment}". ` +
          `Delete or rename it, or name the object with the settings in app-config (${
            change.kind === 'Secret' ? 'secret' : 'configMap'
          } of the target).`,
      );
    }
    return { ...step, change: madeTo(change, found?.object) };
  });
  const leftovers = plan.leftovers.map(async change => {
    if (!change.lookUp) {
      return [change];
    }
    const found = await find(change);
    return found?.isOurs
      ? [{ ...change, found: found.object, lookUp: undefined }]
      : [];
  });
  const [foundSteps, foundLeftovers] = await Promise.all([
    Promise.all(steps),
    Promise.all(leftovers),
  ]);
  return { ...plan, steps: foundSteps, leftovers: foundLeftovers.flat() };
}
