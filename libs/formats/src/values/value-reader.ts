import type { ColumnMapping, ColumnType, ValueOptions } from '@offload/contracts';
import type { ValueProblem } from '../csv/validate-value.js';
import { momentConverter } from './read-moment.js';
import { numberConverter } from './read-number.js';
import { truthConverter } from './read-truth.js';
import { transformer } from './transform-text.js';
import { refuseContradictions } from './values.errors.js';

/**
 * Makes the reader of one column's values: from what the file says to the text that PostgreSQL takes.
 *
 * In this order: `trim` and the column's transforms; null words, which make no value; then, by the type of the
 * column, decimal commas, thousands separators, orders of dates and words for true and false. A column's own
 * null words replace those of the whole file. A text that cannot be read as the options say is a problem,
 * never another value than the one that was meant; whether the result is a value of the type is left to
 * `checkValue` and PostgreSQL.
 *
 * Made once for a column and called for each of its values, so everything that can be decided beforehand is.
 * Throws FileRefused when the options contradict each other.
 *
 * @example
 * const { read } = valueReader('numeric', { decimal: ',', thousands: '.' });
 * read('1.234.567,89'); // '1234567.89'
 * read('12.34,5'); // { code: 'not_a_value', message: … }
 */
export function valueReader(
  type: ColumnType,
  values: ValueOptions,
  own: OwnOptions = {},
): ValueReader {
  refuseContradictions(values);
  const isText = type === 'text';
  const transform = transformer([
    ...(values.trim ? ['trim' as const] : []),
    ...(own.transforms ?? []),
  ]);
  const nulls = new Set(own.nulls ?? values.nulls);
  const convert = converterFor(type, values);
  if (!transform && !convert && nulls.size === 0) return isText ? AS_IT_IS : EMPTY_IS_NULL;

  // Only the words for true and false can give a meaning to a field that is empty.
  const empty = type === 'boolean' ? (emptyTruth(values) ?? null) : null;
  return {
    isPlain: false,
    read(text) {
      if (text === null) return empty;
      const value = transform ? transform(text) : text;
      if (value === '') return isText && text === '' && !nulls.has('') ? '' : empty;
      if (nulls.size > 0 && (nulls.has(value) || (!isText && nulls.has(value.trim())))) return null;
      return convert ? convert(value) : value;
    },
  };
}

/** How the values of one column are treated apart from the others, as a mapping says it. */
export interface OwnOptions {
  transforms?: ColumnMapping['transforms'];
  nulls?: ColumnMapping['nulls'];
}

export interface ValueReader {
  /**
   * Every text is handed on unchanged, so that COPY may take the bytes as they are. An empty text is still no
   * value in a column that is not of texts, as COPY is told, too.
   */
  isPlain: boolean;
  /** Null is an empty field, and the result when there is no value. */
  readonly read: (text: string | null) => string | null | ValueProblem;
}

/** Reads the texts of one type; undefined when all are handed on unchanged. */
export type Converter = (text: string) => string | ValueProblem;

const AS_IT_IS: ValueReader = { isPlain: true, read: (text) => text };
const EMPTY_IS_NULL: ValueReader = { isPlain: true, read: (text) => text || null };

function converterFor(type: ColumnType, values: ValueOptions): Converter | undefined {
  if (type === 'bigint' || type === 'numeric' || type === 'double') {
    return numberConverter(type, values);
  }
  if (type === 'date' || type === 'timestamptz') return momentConverter(type, values);
  return type === 'boolean' ? truthConverter(values) : undefined;
}

function emptyTruth({ trues, falses }: ValueOptions): string | undefined {
  if (trues?.includes('')) return 'true';
  return falses?.includes('') ? 'false' : undefined;
}
