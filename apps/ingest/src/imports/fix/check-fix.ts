import type { EntityManager } from 'typeorm';
import type { Refusal } from '../actions/refuse-action.js';
import type { ImportRun } from '../import-run.entity.js';
import type { FixFile } from './fix-file.js';
import { type FixColumns, isCorrection, rowOf } from './match-fix.js';

/** Reads a list of corrected rows through: each must be one that is still rejected, and stand in it once. */
export async function checkFix(
  tx: EntityManager,
  { importId }: ImportRun,
  list: FixFile,
  columns: FixColumns,
): Promise<Refusal | undefined> {
  const seen = new Set<number>();
  for await (const records of list.records()) {
    const rows: number[] = [];
    for (const record of records.filter((each) => isCorrection(each, columns))) {
      const row = rowOf(record, columns);
      const line = `Line ${record.line} of the list`;
      if (row === undefined) return told('unknown_row', `${line} has no number in “_row”.`);
      if (seen.has(row)) return told('repeated_row', `${line} has row ${row} once more.`);
      seen.add(row);
      rows.push(row);
    }
    const [unknown] = await listUnknown(tx, importId, rows);
    if (unknown !== undefined) {
      const message = `Row ${unknown} is not one that the import has rejected, or it has been fixed already.`;
      return told('unknown_row', message);
    }
  }
  return seen.size > 0 ? undefined : told('no_rows', 'The list has no rows.');
}

async function listUnknown(
  tx: EntityManager,
  importId: string,
  rows: readonly number[],
): Promise<number[]> {
  const found: { row: string }[] = await tx.query(
    `select given as row from unnest($2::bigint[]) given
      where not exists (select from reports.rejected_row r where r.import_id = $1 and r."row" = given)
      order by 1 limit 1`,
    [importId, rows],
  );
  return found.map(({ row }) => Number(row));
}

function told(code: string, message: string): Refusal {
  return { code, message };
}
