import { buffer } from 'node:stream/consumers';
import type { CsvRecord } from '@offload/formats';
import type { FileStore } from '@offload/storage';
import type { EntityManager } from 'typeorm';
import type { ImportRun } from '../import-run.entity.js';
import { readRecords } from '../load/read-records.js';
import { type RejectedRow, rejectRecord } from '../load/rejected-row.js';
import { listChunksOf } from '../progress/import-ledger.js';
import type { Loser } from './merge-job.js';

/**
 * Reads the records of rows that could not be merged once more, one chunk after the other, so that they are told as they
 * stand in the file.
 */
export async function* rereadRows(
  tx: EntityManager,
  files: FileStore,
  run: ImportRun,
  losers: readonly Loser[],
): AsyncGenerator<RejectedRow[]> {
  if (losers.length === 0) return;
  const byRow = new Map(losers.map((loser) => [loser.row, loser]));
  for (const chunk of await listChunksOf(tx, run.importId, [...byRow.keys()])) {
    const slice = await buffer(
      await files.read(run.cutFile.key, { from: chunk.from, to: chunk.to }),
    );
    const at = { offset: chunk.from, row: chunk.firstRow, line: chunk.firstLine };
    const rejected: RejectedRow[] = [];
    for (const record of readRecords(slice, run.resolved, at)) {
      const loser = byRow.get(record.row);
      if (loser) rejected.push(describe(record, loser, run));
    }
    yield rejected;
  }
}

/** The value that was at fault, as the file has it. */
export function describe(record: CsvRecord, loser: Loser, run: ImportRun): RejectedRow {
  const planned = run.resolved.columns.find(({ column }) => column.name === loser.column);
  const from = planned?.from;
  const value = typeof from === 'number' ? (record.fields[from] ?? null) : null;
  return rejectRecord(record, { ...loser, value: value ?? loser.value });
}
