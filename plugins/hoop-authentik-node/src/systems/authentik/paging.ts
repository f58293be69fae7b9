import { ServiceUnavailableError } from '@backstage/errors';
import { z } from 'zod';

/** The most a server from 2025.12 gives at once unless its tenant is configured otherwise; older ones give more. @internal */
export const PAGE_SIZE = 100;

/**
 * One page of a list; `next` is the number of the page that follows, 0 where there is none.
 *
 * @internal
 */
export function pageSchema<Item extends z.ZodType>(item: Item) {
  return z.object({
    pagination: z.object({ next: z.number().nullish() }),
    results: z.array(item),
  });
}

/** @internal */
export interface Page<Item> {
  pagination: { next?: number | null };
  results: Item[];
}

/**
 * Reads a list to its end. Objects that are created meanwhile push others onto the following page, so that those come
 * twice: each is kept once. Objects that are deleted meanwhile can make the last page vanish, which ends the list.
 *
 * @param readPage - gives `undefined` where there is no such page
 * @internal
 */
export async function collectPages<Item extends { pk: string | number }>(
  asked: string,
  readPage: (page: number) => Promise<Page<Item> | undefined>,
): Promise<Item[]> {
  const found = new Map<string | number, Item>();
  for (let page = 1; ; ) {
    const answer = await readPage(page);
    for (const item of answer?.results ?? []) {
      if (!found.has(item.pk)) {
        found.set(item.pk, item);
      }
    }
    const next = answer?.pagination.next ?? 0;
    if (next === 0) {
      return [...found.values()];
    }
    if (next <= page) {
      throw new ServiceUnavailableError(
        `${asked}: page ${page} names page ${next} as the next one`,
      );
    }
    page = next;
  }
}
