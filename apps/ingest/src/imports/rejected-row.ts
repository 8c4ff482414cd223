import type { DatasetColumn } from '@offload/contracts';
import type { CsvRecord } from '@offload/formats';

/** A record that could not become a row, with everything a person needs to mend it. */
export interface RejectedRow {
  row: number;
  line: number;
  offset: number;
  /** The column of the dataset; null when the record as a whole is wrong. */
  column: string | null;
  value: string | null;
  /** Stable, for machines. */
  code: string;
  /** A sentence for people. */
  message: string;
  /** The record as it stands in the file. */
  raw: string;
}

const maxValue = 500;
const maxRaw = 10_000;

export function rejectRecord(
  record: CsvRecord,
  { code, message }: { code: string; message: string },
  column?: DatasetColumn,
  value: string | null = null,
): RejectedRow {
  return {
    row: record.row,
    line: record.line,
    offset: record.offset,
    column: column?.name ?? null,
    value: value === null ? null : storable(value.slice(0, maxValue)),
    code,
    message: storable(message),
    raw: storable(record.raw.toString('utf8', 0, maxRaw)),
  };
}

/** PostgreSQL keeps no zero byte in a text; the picture of one says what was there. */
function storable(text: string): string {
  return text.replaceAll('\0', '␀').toWellFormed();
}
