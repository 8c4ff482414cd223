import type { EntityManager } from 'typeorm';
import type { RowCounts } from './import-ledger.js';

/** Plans the parts of a merge; those without rows are left out. Forgets those of a trial. */
export async function planParts(
  tx: EntityManager,
  importId: string,
  parts: readonly { part: number; rows: number }[],
): Promise<void> {
  await tx.query('delete from import_merge where import_id = $1', [importId]);
  await tx.query(
    `insert into import_merge (import_id, part, rows) select $1, * from unnest($2::int[], $3::bigint[])`,
    [importId, parts.map(({ part }) => part), parts.map(({ rows }) => rows)],
  );
}

/** The parts that are not merged yet. */
export async function listMissingParts(tx: EntityManager, importId: string): Promise<number[]> {
  const rows: { part: number }[] = await tx.query(
    'select part from import_merge where import_id = $1 and merged_at is null order by part',
    [importId],
  );
  return rows.map(({ part }) => part);
}

/**
 * Claims a part, in the transaction that merges it, and answers how many rows it has; undefined when it is merged already
 * or was never planned. Whoever asks for the same part meanwhile waits.
 */
export async function claimPart(
  tx: EntityManager,
  importId: string,
  part: number,
): Promise<number | undefined> {
  const rows: { rows: string }[] = await tx.query(
    `select rows from import_merge where import_id = $1 and part = $2 and merged_at is null for update`,
    [importId, part],
  );
  return rows[0] && Number(rows[0].rows);
}

/** Notes what became of the rows of a claimed part. */
export async function recordPart(
  tx: EntityManager,
  importId: string,
  part: number,
  { created, updated, unchanged, skipped, rejected }: RowCounts & { rejected: number },
): Promise<void> {
  await tx.query(
    `update import_merge set created = $3, updated = $4, unchanged = $5, skipped = $6, rejected = $7,
            merged_at = clock_timestamp()
      where import_id = $1 and part = $2`,
    [importId, part, created, updated, unchanged, skipped, rejected],
  );
}
