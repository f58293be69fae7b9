import { isError } from '@backstage/errors';

/** What went wrong, in one line. @internal */
export function reasonOf(error: unknown): string {
  return isError(error) ? error.message : String(error);
}

/** For those who do not learn which files app-config names and what they hold. @internal */
export const NOT_OBSERVED =
  'It could not be observed. The log of the backend names the reason.';
