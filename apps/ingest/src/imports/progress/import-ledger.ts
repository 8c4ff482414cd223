import type { LoadChunk } from '@offload/contracts';
import type { Chunk } from '@offload/formats';
import type { EntityManager } from 'typeorm';

/**
 * What is committed of an import: the slices that its file was cut into, the chunks among them that are loaded, the parts
 * that are merged, the rows that were fixed. Each line is written in the transaction that does what it says.
 */

/** Keeps where chunks begin and end, so that one whose message is lost can be sent again. */
export async function noteSlices(
  tx: EntityManager,
  importId: string,
  chunks: readonly Chunk[],
): Promise<void> {
  if (chunks.length === 0) return;
  await tx.query(
    `insert into import_slice (import_id, number, from_offset, to_offset, first_row, first_line, rows, strict)
     select $1, * from unnest($2::int[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[], $7::int[], $8::boolean[])`,
    [
      importId,
      chunks.map(({ number }) => number),
      chunks.map(({ from }) => from),
      chunks.map(({ to }) => to),
      chunks.map(({ firstRow }) => firstRow),
      chunks.map(({ firstLine }) => firstLine),
      chunks.map(({ rows }) => rows),
      chunks.map(({ strict }) => strict),
    ],
  );
}

/** The chunks that are cut and not committed, in the order of the file. */
export async function listMissingChunks(
  tx: EntityManager,
  importId: string,
): Promise<LoadChunk['chunk'][]> {
  const rows: SliceRow[] = await tx.query(
    `select number, from_offset, to_offset, first_row, first_line, rows, strict from import_slice s
      where import_id = $1
        and not exists (select from import_chunk c where c.import_id = $1 and c.number = s.number)
      order by number`,
    [importId],
  );
  return rows.map(chunkOf);
}

/** The chunks that hold at least one of these rows, in the order of the file. */
export async function listChunksOf(
  tx: EntityManager,
  importId: string,
  rows: readonly number[],
): Promise<LoadChunk['chunk'][]> {
  const slices: SliceRow[] = await tx.query(
    `select number, from_offset, to_offset, first_row, first_line, rows, strict
       from import_slice where import_id = $1 order by number`,
    [importId],
  );
  const wanted = rows.toSorted((one, other) => one - other);
  let next = 0;
  return slices.map(chunkOf).filter(({ firstRow, rows: count }) => {
    const before = next;
    while (next < wanted.length && (wanted[next] ?? 0) < firstRow + count) next += 1;
    return next > before;
  });
}

interface SliceRow {
  number: number;
  from_offset: string;
  to_offset: string;
  first_row: string;
  first_line: string;
  rows: number;
  strict: boolean;
}

function chunkOf(slice: SliceRow): LoadChunk['chunk'] {
  return {
    number: slice.number,
    from: Number(slice.from_offset),
    to: Number(slice.to_offset),
    firstRow: Number(slice.first_row),
    firstLine: Number(slice.first_line),
    rows: slice.rows,
    strict: slice.strict,
  };
}

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

/** Notes what became of the rows of a claimed chunk. */
export async function recordRows(
  tx: EntityManager,
  importId: string,
  number: number,
  { loaded, rejected }: { loaded: number; rejected: number },
): Promise<void> {
  await tx.query(
    `update import_chunk set rows_loaded = $3, rows_rejected = $4, committed_at = clock_timestamp()
      where import_id = $1 and number = $2`,
    [importId, number, loaded, rejected],
  );
}

/** Rows of the dataset by what became of them. */
export interface RowCounts {
  created: number;
  updated: number;
  unchanged: number;
  skipped: number;
}

export const noCounts: RowCounts = { created: 0, updated: 0, unchanged: 0, skipped: 0 };

/** What is committed of an import, added up. */
export interface LedgerTotals {
  chunks: number;
  bytes: number;
  loaded: number;
  /** By the chunks. */
  rejected: number;
  merge: RowCounts & {
    parts: number;
    partsDone: number;
    rows: number;
    rowsDone: number;
    rejected: number;
  };
  fixes: RowCounts & { fixed: number };
}

export async function ledgerTotals(tx: EntityManager, importId: string): Promise<LedgerTotals> {
  const [sums]: Record<string, string>[] = await tx.query(
    `select c.*, m.*, f.*
       from (select count(*) as chunks, coalesce(sum(bytes), 0) as bytes, coalesce(sum(rows_loaded), 0) as loaded,
                    coalesce(sum(rows_rejected), 0) as rejected from import_chunk where import_id = $1) c,
            (select count(*) as parts, count(merged_at) as parts_done, coalesce(sum(rows), 0) as rows,
                    coalesce(sum(rows) filter (where merged_at is not null), 0) as rows_done,
                    coalesce(sum(created), 0) as created, coalesce(sum(updated), 0) as updated,
                    coalesce(sum(unchanged), 0) as unchanged, coalesce(sum(skipped), 0) as skipped,
                    coalesce(sum(rejected), 0) as merge_rejected from import_merge where import_id = $1) m,
            (select coalesce(sum(fixed), 0) as fixed, coalesce(sum(created), 0) as fix_created,
                    coalesce(sum(updated), 0) as fix_updated, coalesce(sum(unchanged), 0) as fix_unchanged,
                    coalesce(sum(skipped), 0) as fix_skipped from import_fix where import_id = $1) f`,
    [importId],
  );
  const of = (name: string): number => Number(sums?.[name]);
  return {
    chunks: of('chunks'),
    bytes: of('bytes'),
    loaded: of('loaded'),
    rejected: of('rejected'),
    merge: {
      parts: of('parts'),
      partsDone: of('parts_done'),
      rows: of('rows'),
      rowsDone: of('rows_done'),
      created: of('created'),
      updated: of('updated'),
      unchanged: of('unchanged'),
      skipped: of('skipped'),
      rejected: of('merge_rejected'),
    },
    fixes: {
      fixed: of('fixed'),
      created: of('fix_created'),
      updated: of('fix_updated'),
      unchanged: of('fix_unchanged'),
      skipped: of('fix_skipped'),
    },
  };
}

/** Forgets everything that is committed, so that the file is loaded anew. Its rows must be gone already. */
export async function clearLedger(tx: EntityManager, importId: string): Promise<void> {
  for (const table of ['import_slice', 'import_chunk', 'import_merge', 'import_fix']) {
    await tx.query(`delete from ${table} where import_id = $1`, [importId]);
  }
  await tx.query('delete from reports.rejected_row where import_id = $1', [importId]);
}
