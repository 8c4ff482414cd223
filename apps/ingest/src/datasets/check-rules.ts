import type { DatasetColumn } from '@offload/contracts';
import { checkValue, compareValues, isSameValue } from '@offload/formats';
import type { Rule } from './constraint-names.js';
import { explainRule, type RuleCode } from './explain-rule.js';

/**
 * Tells whether a text keeps the rules of its column (range, length, enum, pattern) as PostgreSQL would say.
 *
 * For texts that `checkValue` says are `ok`; of others it answers `unsure`, and so of a pattern, which only
 * PostgreSQL can judge: ask it with `listViolations`. `ok` and a problem are certain.
 */
export function checkRules(column: DatasetColumn, text: string): 'ok' | 'unsure' | BrokenRule {
  const { pattern, range, length, enum: values } = column;
  if (!range && !length && !values && pattern === undefined) return 'ok';
  if (checkValue(column.type, text) !== 'ok') return 'unsure';

  if (range && !isInRange(column, text)) return broken(column, 'range');
  if (length && !hasLength(length, text)) return broken(column, 'length');
  if (values && !values.some((value) => isSameValue(column.type, value, text))) {
    return broken(column, 'enum');
  }
  return pattern === undefined ? 'ok' : 'unsure';
}

export interface BrokenRule {
  code: RuleCode;
  /** A sentence for people. */
  message: string;
}

const broken: (column: DatasetColumn, rule: Rule) => BrokenRule = explainRule;

function isInRange({ type, range }: DatasetColumn, text: string): boolean {
  const { min, max } = range ?? {};
  return (
    (min === undefined || (compareValues(type, text, String(min)) ?? 0) >= 0) &&
    (max === undefined || (compareValues(type, text, String(max)) ?? 0) <= 0)
  );
}

/** In characters, as PostgreSQL counts them: one for each code point. */
function hasLength(
  { min = 0, max = Infinity }: { min?: number | undefined; max?: number | undefined },
  text: string,
): boolean {
  let characters = text.length;
  if (characters < min) return false;
  if (characters <= max && characters >= 2 * min) return true;
  for (const [pair] of text.matchAll(/[\uD800-\uDBFF][\uDC00-\uDFFF]/g))
    characters -= pair.length - 1;
  return characters >= min && characters <= max;
}
