import {
  ConflictError,
  InputError,
  isError,
  NotFoundError,
  ServiceUnavailableError,
} from '@backstage/errors';
import { KubernetesForbiddenError } from '../../../systems/kubernetes';

/** Whether somebody else was faster. @internal */
export function isConflict(error: unknown): error is Error {
  return isError(error) && error.name === ConflictError.name;
}

/** Names the object that somebody else changed; any other error stays as it is. @internal */
export function explainConflict(error: unknown, object: string): unknown {
  return isConflict(error)
    ? new ConflictError(
        `Somebody else changed the ${object} at the same moment. Nothing of it was overwritten; run the task again.`,
        error,
      )
    : error;
}

/**
 * Whether the cluster said that it did not carry a write out; any other failure, such as a lost answer, leaves it open.
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

/** Whether an error may be gone at the next attempt: a conflict, a cluster that is busy, down or out of reach. @internal */
export function mayPass(error: unknown): boolean {
  return (
    isConflict(error) ||
    (ServiceUnavailableError.is(error) && !KubernetesForbiddenError.is(error))
  );
}
