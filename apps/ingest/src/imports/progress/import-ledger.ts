import type { ImportCompleted, LoadChunk } from '@offload/contracts';
import type { EntityManager } from 'typeorm';
import type { LedgerTotals } from './import-run.entity.js';
import type { RejectedRow } from './rejected-row.js';

/**
 * Claims a chunk, in the transaction that loads it. Answers false when it is in the ledger already:
 * a chunk counts once, whatever message asks for it.
 */
export async function enterInLedger(
  tx: EntityManager,
  importId: string,
  { number, from, to }: LoadChunk['chunk'],
): Promise<boolean> {
  const entered: unknown[] = await tx.query(
    `insert into import_chunk (import_id, number, bytes) values ($1, $2, $3)
     on conflict do nothing returning number`,
    [importId, number, to - from],
  );
  return entered.length > 0;
}

/** Notes what became of the rows of a claimed chunk, and keeps the rejected ones. */
export async function recordRows(
  tx: EntityManager,
  importId: string,
  number: number,
  rowsLoaded: number,
  rejected: readonly RejectedRow[],
): Promise<void> {
  await tx.query(
    `update import_chunk set rows_loaded = $3, rows_rejected = $4, committed_at = clock_timestamp()
      where import_id = $1 and number = $2`,
    [importId, number, rowsLoaded, rejected.length],
  );
  if (rejected.length === 0) return;
  await tx.query(
    `insert into rejected_row (import_id, "row", line, byte_offset, column_name, value, code, message, raw)
     select $1, * from unnest($2::bigint[], $3::bigint[], $4::bigint[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[])`,
    [
      importId,
      rejected.map(({ row }) => row),
      rejected.map(({ line }) => line),
      rejected.map(({ offset }) => offset),
      rejected.map(({ column }) => column),
      rejected.map(({ value }) => value),
      rejected.map(({ code }) => code),
      rejected.map(({ message }) => message),
      rejected.map(({ raw }) => raw),
    ],
  );
}

/** The sum of the committed chunks. */
export async function ledgerTotals(tx: EntityManager, importId: string): Promise<LedgerTotals> {
  const [sums]: { chunks: string; bytes: string; loaded: string; rejected: string }[] =
    await tx.query(
      `select count(*) as chunks, coalesce(sum(bytes), 0) as bytes,
              coalesce(sum(rows_loaded), 0) as loaded, coalesce(sum(rows_rejected), 0) as rejected
         from import_chunk where import_id = $1`,
      [importId],
    );
  return {
    chunks: Number(sums?.chunks),
    bytes: Number(sums?.bytes),
    rowsLoaded: Number(sums?.loaded),
    rowsRejected: Number(sums?.rejected),
  };
}

/** Reasons that are told with an ended import; the rows themselves are all kept. */
const maxReasons = 20;

/** Why rows were rejected, the most frequent reason first, each with its first row. */
export async function listRejections(
  tx: EntityManager,
  importId: string,
): Promise<ImportCompleted['rejections']> {
  const rows: {
    code: string;
    column: string | null;
    rows: string;
    line: string;
    message: string;
  }[] = await tx.query(
    `select code, column_name as column, count(*) as rows, min(line) as line,
              (array_agg(message order by "row"))[1] as message
         from rejected_row where import_id = $1
        group by code, column_name order by count(*) desc, min(line) limit $2`,
    [importId, maxReasons],
  );
  return rows.map(({ code, column, message, ...counts }) => ({
    code,
    column,
    message,
    rows: Number(counts.rows),
    firstLine: Number(counts.line),
  }));
}
