import { ConflictError } from '@backstage/errors';

/**
 * The one object that matches. Names of groups were not unique before 2025.12, and to pick one of two would be a guess.
 *
 * @internal
 */
export function only<Item>(
  what: string,
  items: Item[],
  matches: (item: Item) => boolean,
): Item | undefined {
  const found = items.filter(matches);
  if (found.length > 1) {
    throw new ConflictError(
      `authentik has ${found.length} objects of the same name: ${what}`,
    );
  }
  return found[0];
}
