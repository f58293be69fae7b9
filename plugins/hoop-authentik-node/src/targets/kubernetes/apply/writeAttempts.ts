import {
  ConflictError,
  InputError,
  isError,
  NotFoundError,
} from '@backstage/errors';
import { KubernetesForbiddenError } from '../../../systems/kubernetes';
import { isConflict } from '../../wayBack';

/** Names the object that another process changed; any other error stays as it is. @internal */
export function explainConflict(error: unknown, object: string): unknown {
  return isConflict(error)
    ? new ConflictError(
        `The ${object} was modified concurrently; nothing was overwritten. Run the task again.`,
        error,
      )
    : error;
}

/** What the API server says where a webhook cannot be asked: a 500, but nothing is stored. */
const WEBHOOK_FAILED = /failed calling webhook/;

/**
 * Whether the cluster refused a write; any other failure, such as a lost answer, leaves open whether it was carried out.
 *
 * @internal
 */
export function wasRefused(error: unknown): boolean {
  return (
    KubernetesForbiddenError.is(error) ||
    (isError(error) &&
      ([ConflictError.name, InputError.name, NotFoundError.name].includes(
        error.name,
      ) ||
        WEBHOOK_FAILED.test(error.message)))
  );
}
