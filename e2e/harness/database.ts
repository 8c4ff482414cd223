import { createHash } from 'node:crypto';
import type { Client } from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import type { NumberedCsv } from './numbered-csv.js';
import { selectNumbered } from './numbered-csv.js';

/** One number from the database. */
export async function count(db: Client, sql: string, values: unknown[] = []): Promise<number> {
  const { rows } = await db.query<Record<string, string | null>>(sql, values);
  return Number(Object.values(rows[0] ?? {})[0] ?? 0);
}

/** Rows of an import that are committed, by the ledger and by the table itself. */
export async function ledgerOf(
  db: Client,
  importId: string,
): Promise<{ chunks: number; total: number | undefined; rows: number }> {
  const { rows } = await db.query<{ chunks: string; total: number | null; rows: string }>(
    `select count(number) as chunks, max(chunks_total) as total, coalesce(sum(rows_loaded), 0) as rows
       from ingest.import_run left join ingest.import_chunk using (import_id) where import_id = $1`,
    [importId],
  );
  const [sums] = rows;
  return {
    chunks: Number(sums?.chunks ?? 0),
    total: sums?.total ?? undefined,
    rows: Number(sums?.rows ?? 0),
  };
}

/** What a table of numbered rows holds; equal for a table that has each row of the file once. */
export interface Holdings {
  rows: number;
  distinct: number;
  /** Of the whole content, in order of `n`. */
  sha256: string;
}

export async function holdingsOf(db: Client, dataset: string): Promise<Holdings> {
  const { rows } = await db.query<{ rows: string; distinct: string }>(
    `select count(*) as rows, count(distinct n) as distinct from datasets.${dataset}`,
  );
  const content = db.query(copyTo(`copy (${selectNumbered(dataset)}) to stdout (format csv)`));
  const hash = createHash('sha256');
  for await (const bytes of content) hash.update(bytes as Buffer);
  return {
    rows: Number(rows[0]?.rows),
    distinct: Number(rows[0]?.distinct),
    sha256: hash.digest('hex'),
  };
}

export function holdingsExpected({ rows, storable }: NumberedCsv): Holdings {
  return { rows, distinct: rows, sha256: createHash('sha256').update(storable).digest('hex') };
}
