import type { DatasetColumn } from '@offload/contracts';
import type { EntityManager } from 'typeorm';

/** Asks PostgreSQL, in one query, which texts break the pattern of a column; answers in the order of the texts. */
export async function listViolations(
  tx: EntityManager,
  { pattern }: Pick<DatasetColumn, 'pattern'>,
  texts: readonly string[],
): Promise<boolean[]> {
  if (pattern === undefined || texts.length === 0) return texts.map(() => false);
  const rows: { broken: boolean }[] = await tx.query(
    `select value !~ $1 as broken from unnest($2::text[]) with ordinality as given (value, place) order by place`,
    [pattern, texts],
  );
  return rows.map(({ broken }) => broken);
}
