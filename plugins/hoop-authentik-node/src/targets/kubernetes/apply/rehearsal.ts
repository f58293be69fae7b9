import { isError, ServiceUnavailableError } from '@backstage/errors';
import { sentence } from '../../../core';
import type { TargetWriteOptions } from '../../types';
import { isConflict } from '../../wayBack';
import type { ObjectChange } from '../plan/steps';
import type { SwitchPlan } from '../plan/switchPlan';
import type { GatewayInCluster } from './gatewayRollout';
import type { GatewayWrites } from './restore';

/** What the API server answers where an admission webhook cannot be asked without effect. */
const UNSUPPORTED = /does not support dry ?run/i;

/**
 * Sends every write of a switch with `dryRun=All`, each object in its final state: admission, quota, validation and a
 * namespace that is being deleted are known before anything changes.
 *
 * @throws ConflictError when another process changed an object since it was read
 * @throws ServiceUnavailableError with the cluster's own words, when it would refuse a write
 * @internal
 */
export async function rehearse(
  { config, snapshot }: GatewayInCluster,
  { objects, deployment }: Pick<GatewayWrites, 'objects' | 'deployment'>,
  { steps, restart }: SwitchPlan,
  { log, signal }: TargetWriteOptions,
): Promise<void> {
  const options = { signal, dryRun: true };
  const references = steps.findLast(step => step.type === 'references');
  const tries = finalChanges(steps).map(change => ({
    object: `${change.kind} "${change.name}"`,
    run: () => objects.write(change, options),
  }));
  if (references || restart) {
    tries.push({
      object: `Deployment "${config.deployment}"`,
      run: () =>
        references
          ? deployment.setReferences(
              snapshot.deployment,
              snapshot.container.name,
              references.to,
              options,
            )
          : deployment.restart(options),
    });
  }
  const failures = await Promise.all(
    tries.map(({ object, run }) =>
      run().then(
        () => undefined,
        (error: unknown) => ({ object, error }),
      ),
    ),
  );
  signal?.throwIfAborted();
  for (const failure of failures) {
    if (failure && isUnsupported(failure.error)) {
      log(
        `Whether the cluster accepts the ${
          failure.object
        } is unknown until it is written: ${sentence(failure.error)}`,
        'warn',
      );
    } else if (failure) {
      throw isConflict(failure.error)
        ? failure.error
        : new ServiceUnavailableError(
            `Nothing was written: ${sentence(failure.error)}`,
          );
    }
  }
}

/** An object that is written twice is tried once, with what it has in the end. */
function finalChanges(steps: SwitchPlan['steps']): ObjectChange[] {
  const changes = new Map<string, ObjectChange>();
  for (const step of steps) {
    if (step.type === 'object') {
      const { change } = step;
      const key = `${change.kind} ${change.name}`;
      const earlier = changes.get(key);
      changes.set(
        key,
        earlier
          ? {
              ...earlier,
              data: { ...earlier.data, ...change.data },
              before: { ...change.before, ...earlier.before },
            }
          : change,
      );
    }
  }
  return [...changes.values()];
}

function isUnsupported(error: unknown): boolean {
  return isError(error) && UNSUPPORTED.test(error.message);
}
