import type { DatasetColumn } from '@offload/contracts';
import type { Rule } from './constraint-names.js';

/** Stable, for machines. */
export type RuleCode = 'out_of_range' | 'length' | 'enum' | 'pattern';

/** Says what a rule of a column asks for, for a value that breaks it. The value itself is told beside it. */
export function explainRule(
  column: DatasetColumn,
  rule: Rule,
): { code: RuleCode; message: string } {
  const code = rule === 'range' ? 'out_of_range' : rule;
  return { code, message: `“${column.name}” must ${DEMANDS[rule](column)}` };
}

const DEMANDS: Record<Rule, (column: DatasetColumn) => string> = {
  range: ({ range }) => `be ${within(range, '')}.`,
  length: ({ length }) => `be ${within(length, ' characters long')}.`,
  enum: ({ enum: values }) => `be one of ${someOf(values ?? [])}.`,
  // A full stop would seem to be part of the pattern.
  pattern: ({ pattern }) => `match the pattern ${pattern}`,
};

function within(
  bounds: { min?: string | number | undefined; max?: string | number | undefined } | undefined,
  unit: string,
): string {
  const { min, max } = bounds ?? {};
  if (min === undefined) return `at most ${max}${unit}`;
  if (max === undefined) return `at least ${min}${unit}`;
  return min === max ? `exactly ${min}${unit}` : `from ${min} to ${max}${unit}`;
}

/** A person who sees the first few knows what is meant; the dataset shows them all. */
function someOf(values: readonly string[]): string {
  const shown = values.slice(0, 10).map((value) => `“${value.slice(0, 60)}”`);
  const others = values.length - shown.length;
  return shown.join(', ') + (others > 0 ? ` and ${others} others` : '');
}
