import type { DatasetColumn } from '@offload/contracts';
import { checkValue, type CsvRecord } from '@offload/formats';
import { type RejectedRow, rejectRecord } from './rejected-row.js';

/** What is known of a record without asking PostgreSQL: it will take it, it may take it, or it will not. */
export type Verdict = 'ok' | 'unsure' | RejectedRow;

/** Checks one record against the columns of the file. The first problem, from left to right, is told. */
export function checkRecord(record: CsvRecord, columns: readonly DatasetColumn[]): Verdict {
  const { fields, problems } = record;
  const [problem] = problems;
  if (problem) {
    return rejectRecord(record, problem, columns[problem.field], fields[problem.field] ?? null);
  }
  if (fields.length < columns.length) {
    return rejectRecord(record, {
      code: 'missing_columns',
      message: `This row has ${count(fields.length)}; the header has ${columns.length}.`,
    });
  }
  if (fields.length > columns.length) {
    return rejectRecord(record, {
      code: 'too_many_columns',
      message: `This row has ${count(fields.length)}; the header has ${columns.length}. Put values that contain the separator in quotes.`,
    });
  }
  return checkFields(record, columns);
}

function checkFields(record: CsvRecord, columns: readonly DatasetColumn[]): Verdict {
  let verdict: Verdict = 'ok';
  let index = -1;
  for (const column of columns) {
    index += 1;
    const value = valueFor(column, record.fields[index]);
    if (value === null) {
      if (column.nullable) continue;
      return rejectRecord(
        record,
        { code: 'required', message: `“${column.name}” must not be empty.` },
        column,
      );
    }
    const checked = checkValue(column.type, value);
    if (checked === 'unsure') verdict = 'unsure';
    else if (checked !== 'ok') return rejectRecord(record, checked, column, value);
  }
  return verdict;
}

/** An empty text is a value of texts alone, quoted or not; `copyStatement` tells PostgreSQL the same. */
function valueFor({ type }: DatasetColumn, field: string | null | undefined): string | null {
  return type === 'text' ? (field ?? null) : field || null;
}

function count(fields: number): string {
  return fields === 1 ? 'one value' : `${fields} values`;
}
