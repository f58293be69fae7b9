import { isError } from '@backstage/errors';

/** What went wrong, in one line. @internal */
export function reasonOf(error: unknown): string {
  return isError(error) ? error.message : String(error);
}
