import { z } from 'zod';

/** A page of resources, and where the next one begins. */
export function listOf<T extends z.ZodType>(item: T) {
  return z.object({
    object: z.literal('list'),
    data: z.array(item),
    has_more: z.boolean(),
    next_cursor: z
      .string()
      .nullable()
      .describe('Give it as `after` to get the next page; null on the last.'),
  });
}

export interface List<T> {
  object: 'list';
  data: T[];
  has_more: boolean;
  next_cursor: string | null;
}

/** How many, in every list. (Default: 20) */
export const Limit = z.coerce.number().int().min(1).max(100).default(20);

/** The query of lists whose cursor is an id; newest first. */
export const PageQuery = z.strictObject({
  limit: Limit,
  after: z.uuid().optional().describe('The `next_cursor` of the page before.'),
});
export type PageQuery = z.output<typeof PageQuery>;

/** Cuts what was read, one more than asked for, to a page. */
export function pageOf<Row, T>(
  rows: readonly Row[],
  limit: number,
  cursorOf: (row: Row) => string,
  toResource: (row: Row) => T,
): List<T> {
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  const hasMore = rows.length > limit;
  return {
    object: 'list',
    data: page.map(toResource),
    has_more: hasMore,
    next_cursor: hasMore && last !== undefined ? cursorOf(last) : null,
  };
}
