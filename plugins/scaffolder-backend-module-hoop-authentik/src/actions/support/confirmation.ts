import { InputError } from '@backstage/errors';

/**
 * A deletion names its application twice, so that nothing is deleted by mistake.
 *
 * @throws InputError where it does not
 * @internal
 */
export function requireConfirmation(
  confirm: string | undefined,
  slug: string,
): void {
  if (confirm !== slug) {
    throw new InputError(
      `Nothing was changed: confirm must repeat the slug of the application, "${slug}"; found ${
        confirm === undefined ? 'nothing' : `"${confirm}"`
      }.`,
    );
  }
}
