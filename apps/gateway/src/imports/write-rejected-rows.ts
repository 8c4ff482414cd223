import { csvRecord } from '../http/csv-record.js';
import type { ListedRow } from './rejected-rows.queries.js';

export interface ListedColumns {
  /** The columns of the file, as it names them. */
  source: readonly string[];
  /** The most fields that one of the rows has. */
  widest: number;
  escapesFormulas: boolean;
}

/**
 * The rejected rows as a file that can be corrected and posted back: the columns of the file, what a row
 * has beyond them, then which row it is and what is wrong with it.
 *
 * A row that was too long to be kept whole has no `_row`: posted back, it must not take the place of the
 * whole one, so it says where to correct it instead.
 */
export async function* writeRejectedRows(
  rows: AsyncIterable<ListedRow>,
  { source, widest, escapesFormulas }: ListedColumns,
): AsyncGenerator<string> {
  const extra = Math.max(0, widest - source.length);
  const width = source.length + extra;
  const extraNames = Array.from({ length: extra }, (_, place) => `_extra_${place + 1}`);
  const record = (fields: readonly (string | null)[]): string =>
    csvRecord(fields, { escapesFormulas });
  yield record([...source, ...extraNames, '_row', '_error_code', '_error']);
  for await (const { row, line, code, message, fields, is_cut: isCut } of rows) {
    const values = Array.from({ length: width }, (_, place) =>
      isCut ? null : (fields[place] ?? null),
    );
    yield record([
      ...values,
      ...(isCut ? [null, code, tooLong(message, row, line)] : [row, code, message]),
    ]);
  }
}

function tooLong(message: string, row: string, line: string): string {
  return `${message} Row ${row} (line ${line}) is too long to be listed: correct it in the file itself.`;
}
