import { setTimeout } from 'node:timers/promises';
import {
  ConflictError,
  InputError,
  isError,
  NotFoundError,
  ServiceUnavailableError,
} from '@backstage/errors';
import { KubernetesForbiddenError } from '../../../systems/kubernetes';

/**
 * How often a write that meets another writer is retried: the status of a Deployment changes all the time while it rolls
 * out, and each change is a conflict.
 *
 * @internal
 */
export const MOST_CONFLICTS = 20;

/** A cluster that does not answer takes its time to fail: after this, the way back is not retried. */
const PATIENCE_MS = 60_000;

/** Whether another writer was faster. @internal */
export function isConflict(error: unknown): error is Error {
  return isError(error) && error.name === ConflictError.name;
}

/** Names the object that another process changed; any other error stays as it is. @internal */
export function explainConflict(error: unknown, object: string): unknown {
  return isConflict(error)
    ? new ConflictError(
        `The ${object} was modified concurrently; nothing was overwritten. Run the task again.`,
        error,
      )
    : error;
}

/**
 * Whether the cluster refused a write; any other failure, such as a lost answer, leaves open whether it was carried out.
 *
 * @internal
 */
export function wasRefused(error: unknown): boolean {
  return (
    KubernetesForbiddenError.is(error) ||
    (isError(error) &&
      [ConflictError.name, InputError.name, NotFoundError.name].includes(
        error.name,
      ))
  );
}

/**
 * Retries a write of the way back that meets another writer or a cluster that does not answer. The write reads what is
 * there each time, since it may have been carried out although its answer was lost.
 *
 * @internal
 */
export async function persistently(
  write: () => Promise<unknown>,
): Promise<void> {
  const giveUpAt = Date.now() + PATIENCE_MS;
  for (let attempt = 1; ; attempt++) {
    try {
      await write();
      return;
    } catch (error) {
      if (
        !mayPass(error) ||
        attempt >= MOST_CONFLICTS ||
        Date.now() >= giveUpAt
      ) {
        throw error;
      }
      await pause(attempt);
    }
  }
}

/** Random, so that two writers do not collide on each attempt. @internal */
export async function pause(attempt: number): Promise<void> {
  await setTimeout(Math.random() * Math.min(attempt * 5, 100));
}

/** A conflict, or a cluster that is busy, down or unreachable. */
function mayPass(error: unknown): boolean {
  return (
    isConflict(error) ||
    (ServiceUnavailableError.is(error) && !KubernetesForbiddenError.is(error))
  );
}
