import type { Condition } from './parse-conditions.js';
import { quoteIdentifier } from './row-column.js';
import type { SqlValues } from './sql-values.js';

/** The conditions of a filter in SQL, all of which must hold; `true` without any. */
export function conditionsSql(conditions: readonly Condition[], values: SqlValues): string {
  return conditions.map((condition) => conditionSql(condition, values)).join(' and ') || 'true';
}

function conditionSql({ column, operator, values: given }: Condition, values: SqlValues): string {
  const name = quoteIdentifier(column.name);
  const [first = ''] = given;
  if (operator === 'is_null') return `${name} is ${first === 'true' ? '' : 'not '}null`;
  if (operator === 'like' || operator === 'ilike') {
    return `${name} ${operator} ${values.add(likePattern(first), 'text')} escape '\\'`;
  }
  if (operator === 'in') {
    return `${name} in (${given.map((value) => values.add(value, column.type)).join(', ')})`;
  }
  return `${name} ${COMPARISONS[operator]} ${values.add(first, column.type)}`;
}

/** A row without a value is not equal to any. */
const COMPARISONS = {
  eq: '=',
  ne: 'is distinct from',
  lt: '<',
  lte: '<=',
  gt: '>',
  gte: '>=',
};

/** `*` is for any characters and `\*` for itself; nothing else is special. */
function likePattern(text: string): string {
  return text.replaceAll(/\\\*|[*%_\\]/g, (found) => {
    if (found === '*') return '%';
    return found === '\\*' ? '*' : `\\${found}`;
  });
}
