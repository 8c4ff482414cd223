import type { DatasetColumn } from '@offload/contracts';
import { checkValue, type CsvRecord, type ValueReader, valueReader } from '@offload/formats';
import { checkRules } from '../../datasets/check-rules.js';
import type { ImportPlan } from '../import-plan.js';
import type { Refusal } from './rejected-row.js';

/**
 * What is known of a record without asking PostgreSQL: it will take it; it will unless a pattern is broken, which has
 * to be asked; it may take it; or it will not.
 */
export type Verdict = 'ok' | 'ask' | 'unsure' | Refusal;

/**
 * Reads the records of a file as rows of a dataset, by the plan of an import.
 *
 * Made once for a chunk and called for each of its records, so everything that can be decided beforehand is.
 */
export class RowReader {
  /** Of the record read last, in the order of the plan's columns. Written over by the next: copy what is to be kept. */
  readonly values: (string | null)[];
  private readonly width: number;
  private readonly columns: ColumnReader[];

  constructor(private readonly plan: ImportPlan) {
    this.width = plan.sourceColumns.length;
    this.values = plan.columns.map(({ constant = null }) => constant);
    this.columns = plan.columns.map((planned) => {
      const { column, from, values, transforms, nulls } = planned;
      const isKey = plan.key?.includes(column.name) ?? false;
      const own = { ...(transforms ? { transforms } : {}), ...(nulls ? { nulls } : {}) };
      return {
        column,
        from,
        isRequired: !column.nullable || isKey,
        hasRules: hasRules(column),
        read: valueReader(column.type, values, own).read,
      };
    });
  }

  /** Reads one record. The first problem, from left to right, is told. */
  read(record: CsvRecord): Verdict {
    const { fields, problems } = record;
    const [problem] = problems;
    if (problem) {
      const { code, message, field } = problem;
      return { code, message, column: this.columnFrom(field), value: fields[field] ?? null };
    }
    if (fields.length !== this.width) return this.misfit(fields.length);
    return this.readFields(fields);
  }

  private readFields(fields: readonly (string | null)[]): Verdict {
    const { values, columns } = this;
    let verdict: 'ok' | 'ask' | 'unsure' = 'ok';
    for (let place = 0; place < columns.length; place++) {
      const reader = columns[place];
      if (!reader || reader.from === null) continue;
      const given = fields[reader.from] ?? null;
      const value = reader.read(given);
      if (value === null) {
        if (reader.isRequired) return missing(reader.column, given);
        values[place] = null;
        continue;
      }
      const { column } = reader;
      if (typeof value === 'object') return { ...value, column: column.name, value: given };
      values[place] = value;
      const checked = checkValue(column.type, value);
      if (checked === 'unsure') {
        verdict = 'unsure';
        continue;
      }
      if (checked !== 'ok') return { ...checked, column: column.name, value: given };
      const ruled = reader.hasRules ? checkRules(column, value) : 'ok';
      if (ruled === 'ok') continue;
      if (ruled !== 'unsure') return { ...ruled, column: column.name, value: given };
      if (verdict === 'ok') verdict = column.pattern === undefined ? 'unsure' : 'ask';
    }
    return verdict;
  }

  private misfit(fields: number): Refusal {
    const isShort = fields < this.width;
    const whole = this.plan.source.header ? 'header' : 'file';
    const message = `This row has ${count(fields)}; the ${whole} has ${this.width}.`;
    return {
      code: isShort ? 'missing_columns' : 'too_many_columns',
      message: isShort ? message : `${message} Put values that contain the separator in quotes.`,
      column: null,
      value: null,
    };
  }

  /** The column of the dataset that is filled by a column of the file. */
  private columnFrom(field: number): string | null {
    return this.columns.find(({ from }) => from === field)?.column.name ?? null;
  }
}

interface ColumnReader {
  column: DatasetColumn;
  from: number | null;
  isRequired: boolean;
  hasRules: boolean;
  read: ValueReader['read'];
}

/**
 * COPY may take the bytes of the file as they are: every column of the file goes to one of the dataset, nothing else is
 * filled, and every value is handed through unchanged.
 */
export function isTakenAsItIs({ source, sourceColumns, columns }: ImportPlan): boolean {
  return (
    source.format === 'csv' &&
    columns.length === sourceColumns.length &&
    columns.every(({ column, from, values, transforms, nulls }, index) => {
      const own = { ...(transforms ? { transforms } : {}), ...(nulls ? { nulls } : {}) };
      return from === index && valueReader(column.type, values, own).isPlain;
    })
  );
}

function hasRules({ pattern, range, length, enum: values }: DatasetColumn): boolean {
  return [pattern, range, length, values].some((rule) => rule !== undefined);
}

function missing({ name }: DatasetColumn, value: string | null): Refusal {
  return { code: 'required', message: `“${name}” must not be empty.`, column: name, value };
}

function count(fields: number): string {
  return fields === 1 ? 'one value' : `${fields} values`;
}
