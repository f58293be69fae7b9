import { z } from 'zod';

/** A parameter that may be given several times; a single one is a list of one. @internal */
export function listOf<Item extends z.ZodType>(item: Item) {
  return z.union([z.array(item).max(100), item.transform(one => [one])]);
}

/** A parameter that is `true` or `false`. @internal */
export const flagSchema = z.union([
  z.boolean(),
  z.enum(['true', 'false']).transform(text => text === 'true'),
]);

/**
 * The part of a query that pages through a list.
 *
 * @public
 */
export const pageQuerySchema = z.object({
  /** `nextCursor` of the page before. */
  cursor: z.string().max(2_000).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});

/** @public */
export type PageQuery = z.input<typeof pageQuerySchema>;
