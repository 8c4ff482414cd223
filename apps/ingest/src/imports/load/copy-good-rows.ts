import { Readable } from 'node:stream';
import type { DatasetKey } from '@offload/contracts';
import type { CsvRecord } from '@offload/formats';
import type { DatabaseError } from 'pg';
import type { EntityManager } from 'typeorm';
import { explainViolation } from '../../datasets/explain-violation.js';
import { copyRows, keepCopy, undoCopy } from './copy-rows.js';
import { type CopyTarget, copyText } from './copy-target.js';
import { type RejectedRow, rejectRecord } from './rejected-row.js';
import { writeRow } from './write-row.js';

/** A record that seems to be good, and its values as they are to be stored. */
export interface ReadRow {
  record: CsvRecord;
  values: (string | null)[];
}

/**
 * Copies rows and answers those that PostgreSQL refused, with its reasons in our words; all others are stored.
 *
 * COPY ends at the first row that is refused and says which it was. So the rows before it are copied again, and the
 * next COPY begins behind it: each row is sent at most twice, however many are bad. Where PostgreSQL does not say
 * which row it was, each half is tried by itself.
 */
export async function copyGoodRows(
  tx: EntityManager,
  target: CopyTarget,
  keys: readonly DatasetKey[],
  rows: readonly ReadRow[],
): Promise<RejectedRow[]> {
  const refused: RejectedRow[] = [];
  let from = 0;
  let to = rows.length;
  let complaint: DatabaseError | undefined;
  while (from < rows.length) {
    const row = rows[from];
    if (row && from === to) {
      // Everything before it is stored, and PostgreSQL has named this one.
      refused.push(refusedBy(complaint, row, target, keys));
      from += 1;
      to = rows.length;
      continue;
    }
    const copied = await copyRows(tx, copyText(target), linesOf(rows, from, to, target));
    if (copied === to - from) {
      await keepCopy(tx);
      from = to;
      if (!complaint) to = rows.length;
      continue;
    }
    complaint = typeof copied === 'number' ? undefined : copied;
    if (typeof copied === 'number') await undoCopy(tx);
    const line = complaint && lineIn(complaint);
    if (line !== undefined && line <= to - from) to = from + line - 1;
    else if (to - from === 1) to = from;
    else {
      to = from + Math.ceil((to - from) / 2);
      complaint = undefined;
    }
  }
  return refused;
}

function* chunksOf(
  rows: readonly ReadRow[],
  from: number,
  to: number,
  { number }: CopyTarget,
): Generator<string> {
  const batch = 500;
  for (let at = from; at < to; at += batch) {
    let text = '';
    for (const { record, values } of rows.slice(at, Math.min(at + batch, to))) {
      text += writeRow(values, number && number.base + record.row);
    }
    yield text;
  }
}

function linesOf(rows: readonly ReadRow[], from: number, to: number, target: CopyTarget): Readable {
  return Readable.from(chunksOf(rows, from, to, target), { objectMode: true });
}

/** COPY says where it stumbled: `COPY people, line 17, column born: "2024-13-01"`. */
export function lineIn({ where }: DatabaseError): number | undefined {
  const line = /^COPY .*, line (\d+)/m.exec(where ?? '')?.[1];
  return line === undefined ? undefined : Number(line);
}

function refusedBy(
  complaint: DatabaseError | undefined,
  { record, values }: ReadRow,
  { columns }: CopyTarget,
  keys: readonly DatasetKey[],
): RejectedRow {
  const violation = complaint && explainViolation(complaint, columns, keys);
  const index = columns.findIndex(({ name }) => name === violation?.column);
  const reason = complaint ? `: ${complaint.message}.` : '.';
  return rejectRecord(record, {
    code: violation?.code ?? 'refused_by_database',
    message: violation?.message ?? `The database refused this row${reason}`,
    column: violation?.column ?? null,
    value: values[index] ?? null,
  });
}
