import type { EntityManager } from 'typeorm';
import { TooManyImports } from './imports.errors.js';

/**
 * Makes sure that a tenant has fewer imports running than it may; those that wait for a person do not run.
 *
 * Until the end of the transaction nobody else of the tenant passes here, so that two cannot take the last
 * place. Throws TooManyImports.
 */
export async function mustHaveRoom(
  tx: EntityManager,
  tenantId: string,
  limit: number,
): Promise<void> {
  await tx.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [
    JSON.stringify(['imports', tenantId]),
  ]);
  const [row]: { running: number }[] = await tx.query(
    `select count(*)::int as running
       from (select from import
              where tenant_id = $1 and finished_at is null and state <> 'awaiting_review'
              limit $2) as those`,
    [tenantId, limit],
  );
  if ((row?.running ?? 0) >= limit) throw new TooManyImports(limit);
}
