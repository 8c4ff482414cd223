import type { ColumnType } from '@offload/contracts';
import { type FieldError, RowOperator } from '@offload/contracts/http';
import { checkValue } from '@offload/formats';
import type { RowColumn } from './row-column.js';
import { splitList } from './split-list.js';

/** `<column>:<op>:<value>`, read. */
export interface Condition {
  column: RowColumn;
  operator: RowOperator;
  /** One, or several for `in`. */
  values: string[];
}

/** Reads the conditions of a filter; what cannot be read is told, each with what would be right. */
export function parseConditions(
  texts: readonly string[],
  columns: readonly RowColumn[],
): { conditions: Condition[]; errors: FieldError[] } {
  const read = texts.map((text) => parseCondition(text, columns));
  return {
    conditions: read.filter((each) => 'column' in each),
    errors: read.filter((each) => 'pointer' in each),
  };
}

function parseCondition(text: string, columns: readonly RowColumn[]): Condition | FieldError {
  const column = columnIn(text, columns);
  if (!column) {
    const [name] = text.split(':');
    return error('unknown_column', `“${name}” is no column of the dataset. ${formHint}`);
  }
  const [, word = '', value] =
    /^([^:]*)(?::(.*))?$/s.exec(text.slice(column.name.length + 1)) ?? [];
  const { data: operator } = RowOperator.safeParse(word);
  if (!operator) {
    const all = RowOperator.options.join(', ');
    return error('unknown_operator', `“${word}” is no operator. There are ${all}. ${formHint}`);
  }
  if (value === undefined) return error('missing_value', `“${text}” has no value. ${formHint}`);
  if (!isFor(operator, column.type)) {
    return error(
      'unfit_operator',
      `“${column.name}” is of type ${column.type}, to which “${operator}” cannot be applied.`,
    );
  }
  return withValues(column, operator, value);
}

const formHint = 'Write conditions like age:gte:18.';

/** Names may have colons; of two that fit, the longer one is meant. */
function columnIn(text: string, columns: readonly RowColumn[]): RowColumn | undefined {
  return columns
    .filter(({ name }) => text.startsWith(`${name}:`))
    .toSorted((a, b) => b.name.length - a.name.length)[0];
}

function isFor(operator: RowOperator, type: ColumnType): boolean {
  if (operator === 'like' || operator === 'ilike') return type === 'text';
  const needsOrder = operator.startsWith('l') || operator.startsWith('g');
  return !(needsOrder && (type === 'json' || type === 'boolean'));
}

function withValues(
  column: RowColumn,
  operator: RowOperator,
  value: string,
): Condition | FieldError {
  if (operator === 'is_null') {
    if (value === 'true' || value === 'false') return { column, operator, values: [value] };
    return error('not_a_value', `“is_null” takes true or false, not “${value}”.`);
  }
  const values = operator === 'in' ? splitList(value)?.map(({ text }) => text) : [value];
  if (!values) {
    return error('not_a_value', `The quotes in “${value}” do not fit. Write in:"a,b",c.`);
  }
  for (const each of values) {
    const checked = checkValue(column.type, each);
    if (typeof checked === 'object') return error('not_a_value', checked.message);
  }
  return { column, operator, values };
}

function error(code: string, detail: string): FieldError {
  return { pointer: '?where', code, detail };
}
