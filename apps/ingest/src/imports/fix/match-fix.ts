import type { CsvRecord } from '@offload/formats';
import type { Refusal } from '../actions/refuse-action.js';

/** The columns that we add to the list of rejected rows. */
const ROW = '_row';
const OURS = [ROW, '_error_code', '_error'];
/** What a rejected row had beyond the columns of the file is listed in columns of these names. */
const EXTRA = /^_extra_\d+$/;

/** Where the values of a corrected row stand in the list. */
export interface FixColumns {
  row: number;
  /** For each column of the import's file, in its order. */
  source: number[];
  /** Where the list has what a row had beyond them. */
  extra: number[];
}

/**
 * Finds the columns of an import's file in a list of its rejected rows. Their order is free; columns of the same name are
 * told apart by it. Answers why the list is not one of this import.
 */
export function matchFix(
  sourceColumns: readonly string[],
  given: readonly string[],
): FixColumns | { refusal: Refusal } {
  const names = given.map((name) => name.trim());
  const row = names.lastIndexOf(ROW);
  if (row === -1) {
    const message = `The list has no column “${ROW}”, which tells the rows apart. Correct the list as it was downloaded.`;
    return { refusal: { code: 'missing_column', message } };
  }
  const free = new Set(names.keys());
  for (const ours of OURS) free.delete(names.lastIndexOf(ours));
  const source = sourceColumns.map((name) => {
    const place = [...free].find((index) => names[index] === name.trim()) ?? -1;
    free.delete(place);
    return place;
  });
  const missing = sourceColumns.filter((_, index) => source[index] === -1);
  if (missing.length > 0) {
    const message = `The list lacks columns of the file: ${listed(missing)}.`;
    return { refusal: { code: 'missing_column', message } };
  }
  const extra = [...free].filter((index) => EXTRA.test(names[index] ?? ''));
  const foreign = [...free]
    .filter((index) => !extra.includes(index))
    .map((index) => names[index] ?? '');
  if (foreign.length > 0) {
    const message = `The list has columns that the file does not have: ${listed(foreign)}.`;
    return { refusal: { code: 'unknown_column', message } };
  }
  return { row, source, extra };
}

/** The number of the row that a record of the list corrects; undefined when it has none. */
export function rowOf(record: CsvRecord, { row }: FixColumns): number | undefined {
  const text = record.fields[row]?.trim() ?? '';
  return /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}

/**
 * Whether a record of the list corrects a row. One that is too long to be listed whole stands there without its number and
 * without values: it is corrected in the file, and stays rejected here.
 */
export function isCorrection({ fields }: CsvRecord, { row, source }: FixColumns): boolean {
  return [row, ...source].some((place) => (fields[place] ?? '').trim() !== '');
}

/**
 * A record of the list as one of the import's file; one of another width than the list, or with something beyond the
 * columns of the file, stays one that does not fit.
 */
export function asRecord(
  record: CsvRecord,
  row: number,
  { source, extra }: FixColumns,
  width: number,
): CsvRecord {
  const isWhole = record.fields.length === width;
  const fields = isWhole
    ? [...source.map((place) => record.fields[place] ?? null), ...surplus(record, extra)]
    : record.fields.filter((_, place) => source.includes(place) || place >= width);
  const raw = Buffer.from(fields.map(written).join(','));
  return { ...record, row, fields, raw, problems: inSource(record.problems, source) };
}

/** Up to the last that is not empty. */
function surplus({ fields }: CsvRecord, extra: readonly number[]): (string | null)[] {
  const values = extra.map((place) => fields[place] ?? null);
  return values.slice(0, values.findLastIndex((value) => value !== null && value !== '') + 1);
}

/** Problems say where they are in the list; told is the column of the file. */
function inSource(
  problems: CsvRecord['problems'],
  source: readonly number[],
): CsvRecord['problems'] {
  return problems.map((problem) => ({
    ...problem,
    field: Math.max(0, source.indexOf(problem.field)),
  }));
}

function written(field: string | null): string {
  if (field === null) return '';
  return field === '' || /[",\r\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field;
}

function listed(names: readonly string[]): string {
  const shown = names.slice(0, 5).map((name) => `“${name}”`);
  return names.length > shown.length ? `${shown.join(', ')}, …` : shown.join(', ');
}
