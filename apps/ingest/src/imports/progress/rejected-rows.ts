import type { Rejections } from '@offload/contracts';
import type { EntityManager } from 'typeorm';
import type { RejectedRow } from '../load/rejected-row.js';

/** Rows that are written with one statement: as many as this, or as have so many characters. */
const batchRows = 1000;
const batchLength = 8 * 1024 * 1024;

/** Keeps rejected rows for the report of their import; a row that is there already gets the new reason. */
export async function storeRejected(
  tx: EntityManager,
  importId: string,
  rejected: readonly RejectedRow[],
): Promise<void> {
  for (const batch of batchesOf(rejected)) {
    await tx.query(
      `insert into reports.rejected_row
         (import_id, "row", line, byte_offset, column_name, value, code, message, raw, fields, is_cut)
       select $1, "row", line, byte_offset, column_name, value, code, message, raw, fields::text[], is_cut
         from unnest($2::bigint[], $3::bigint[], $4::bigint[], $5::text[], $6::text[], $7::text[], $8::text[],
                     $9::text[], $10::text[], $11::boolean[])
              as given ("row", line, byte_offset, column_name, value, code, message, raw, fields, is_cut)
       on conflict (import_id, "row") do update set column_name = excluded.column_name, value = excluded.value,
         code = excluded.code, message = excluded.message, raw = excluded.raw, fields = excluded.fields,
         is_cut = excluded.is_cut`,
      [
        importId,
        batch.map(({ row }) => row),
        batch.map(({ line }) => line),
        batch.map(({ offset }) => offset),
        batch.map(({ column }) => column),
        batch.map(({ value }) => value),
        batch.map(({ code }) => code),
        batch.map(({ message }) => message),
        batch.map(({ raw }) => raw),
        batch.map(({ fields }) => arrayLiteral(fields)),
        batch.map(({ isCut }) => isCut),
      ],
    );
  }
}

function* batchesOf(rejected: readonly RejectedRow[]): Generator<RejectedRow[]> {
  let batch: RejectedRow[] = [];
  let length = 0;
  for (const row of rejected) {
    batch.push(row);
    length += row.raw.length + row.fields.reduce((sum, field) => sum + (field?.length ?? 0), 0);
    if (batch.length < batchRows && length < batchLength) continue;
    yield batch;
    batch = [];
    length = 0;
  }
  if (batch.length > 0) yield batch;
}

/** An array of arrays of different lengths is none to PostgreSQL, so each goes as the text of one. */
function arrayLiteral(fields: readonly (string | null)[]): string {
  const written = fields.map((field) =>
    field === null ? 'NULL' : `"${field.replaceAll(/["\\]/g, '\\$&')}"`,
  );
  return `{${written.join(',')}}`;
}

/** Reasons that are told with an ended import; the rows themselves are all kept. */
const maxReasons = 20;

/** Why rows were rejected, the most frequent reason first, each with its first row. */
export async function listRejections(tx: EntityManager, importId: string): Promise<Rejections> {
  const rows: {
    code: string;
    column: string | null;
    rows: string;
    line: string;
    message: string;
  }[] = await tx.query(
    `select code, column_name as column, count(*) as rows, min(line) as line,
              (array_agg(message order by "row"))[1] as message
         from reports.rejected_row where import_id = $1
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
