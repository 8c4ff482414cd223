import type { CsvRecord } from '@offload/formats';

/** A record that could not become a row, with everything a person needs to mend it. */
export interface RejectedRow extends Refusal {
  row: number;
  line: number;
  offset: number;
  /** The record as it stands in the file. */
  raw: string;
  /** Its values, in the order of the file's columns; empty when there is too much of them to be kept. */
  fields: (string | null)[];
  isCut: boolean;
}

/** Why a record could not become a row. */
export interface Refusal {
  /** Stable, for machines. */
  code: string;
  /** A sentence for people. */
  message: string;
  /** The column of the dataset; null when the record as a whole is wrong. */
  column: string | null;
  value: string | null;
}

const maxValue = 500;
const maxRaw = 10_000;
/** All values of a record together, in characters. */
const maxFields = 1024 * 1024;

export function rejectRecord(record: CsvRecord, refusal: Refusal): RejectedRow {
  const { code, message, column, value } = refusal;
  const length = record.fields.reduce((sum, field) => sum + (field?.length ?? 0), 0);
  const isCut = length > maxFields;
  return {
    row: record.row,
    line: record.line,
    offset: record.offset,
    column,
    value: value === null ? null : storable(value.slice(0, maxValue)),
    code,
    message: storable(message),
    raw: storable(record.raw.toString('utf8', 0, maxRaw)),
    fields: isCut ? [] : record.fields.map((field) => (field === null ? null : storable(field))),
    isCut,
  };
}

/** PostgreSQL keeps no zero byte in a text; the picture of one says what was there. */
function storable(text: string): string {
  return text.replaceAll('\0', '␀').toWellFormed();
}
