import type { Labels } from './object.mts';

/** A selector of labels as Kubernetes has it in policies, budgets and monitors. */
export interface LabelSelector {
  matchLabels?: Labels;
  matchExpressions?: { key: string; operator: string; values?: string[] }[];
}

/** Whether a selector takes these labels; an empty one takes all. */
export function selects(selector: LabelSelector, labels: Labels): boolean {
  const { matchLabels = {}, matchExpressions = [] } = selector;
  return (
    Object.entries(matchLabels).every(([key, value]) => labels[key] === value) &&
    matchExpressions.every((expression) => holds(expression, labels))
  );
}

export function describeSelector({
  matchLabels = {},
  matchExpressions = [],
}: LabelSelector): string {
  return [
    ...Object.entries(matchLabels).map(([key, value]) => `${key}=${value}`),
    ...matchExpressions.map(({ key, operator, values = [] }) =>
      `${key} ${operator} ${values.join('|')}`.trim(),
    ),
  ].join(', ');
}

/** The values of In that no labels have: a selector that matches by one value hides a misspelt other. */
export function valuesWithout(selector: LabelSelector, all: Labels[]): string[] {
  return (selector.matchExpressions ?? [])
    .filter(({ operator }) => operator === 'In')
    .flatMap(({ key, values = [] }) =>
      values.filter((value) => !all.some((each) => each[key] === value)),
    );
}

function holds(
  { key, operator, values = [] }: { key: string; operator: string; values?: string[] },
  labels: Labels,
): boolean {
  const value = labels[key];
  switch (operator) {
    case 'In':
      return value !== undefined && values.includes(value);
    case 'NotIn':
      return value === undefined || !values.includes(value);
    case 'Exists':
      return value !== undefined;
    case 'DoesNotExist':
      return value === undefined;
    default:
      return false;
  }
}
