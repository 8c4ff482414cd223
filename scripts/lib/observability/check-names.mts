import { type Labels, targetLabels } from './known-metrics.mts';
import { type Matcher, namesIn } from './promql-names.mts';
import type { Query } from './queries.mts';

/**
 * Names in a query that nothing will ever answer to: metrics and labels that are not in the reference,
 * and values that a label cannot have. A query with one of them is not wrong, only empty for ever.
 */
export function unknownNames({ expr }: Query, known: Map<string, Labels>): string[] {
  const { selectors, labels: grouped } = namesIn(expr);
  const problems: string[] = [];
  const seen: Labels = new Map(targetLabels);
  for (const { metric, matchers } of selectors) {
    const labels = known.get(metric);
    if (!labels) {
      problems.push(`there is no metric ${metric}`);
      continue;
    }
    for (const [label, values] of labels) seen.set(label, values);
    const usable: Labels = new Map([...targetLabels, ...labels]);
    problems.push(...matchers.flatMap((matcher) => problemOf(metric, matcher, usable)));
  }
  const nowhere = grouped.filter((label) => !seen.has(label));
  return [...problems, ...nowhere.map((label) => `no metric in it has the label ${label}`)];
}

function problemOf(metric: string, { label, operator, value }: Matcher, labels: Labels): string[] {
  if (!labels.has(label)) return [`${metric} has no label ${label}`];
  const values = labels.get(label);
  if (values === undefined) return [];
  const wanted = operator.endsWith('~') ? alternatives(value) : [value];
  return wanted
    .filter((each) => !values.some((one) => new RegExp(`^(?:${each})$`).test(one)))
    .map((each) => `${label} of ${metric} is never ${each}, but ${values.join(', ')}`);
}

/** `a|b` is looked at one by one; what has parentheses is looked at as a whole. */
function alternatives(pattern: string): string[] {
  return /[()]/.test(pattern) ? [pattern] : pattern.split('|');
}
