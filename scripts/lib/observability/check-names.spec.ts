import { unknownNames } from './check-names.mts';
import type { Labels } from './known-metrics.mts';

const known = new Map<string, Labels>([
  ['letters', new Map([['state', ['open', 'closed']]])],
  [
    'took_bucket',
    new Map([
      ['queue', undefined],
      ['le', undefined],
    ]),
  ],
]);

describe(unknownNames, () => {
  it.each([
    ['max by (state) (letters{state=~"open|closed",namespace="prod"})'],
    ['sum by (queue, le) (rate(took_bucket{queue="any",job="ingest"}[5m]))'],
  ])('has nothing to say about %s', (expr) => {
    expect(unknownNames(aQuery(expr), known)).toEqual([]);
  });

  it.each([
    ['leters', 'there is no metric leters'],
    ['letters{stat="open"}', 'letters has no label stat'],
    ['letters{state=~"open|opened"}', 'state of letters is never opened, but open, closed'],
    ['letters{job="api"}', 'job of letters is never api, but gateway, ingest, notifier'],
    ['sum by (queue) (letters)', 'no metric in it has the label queue'],
  ])('tells that %s is empty for ever', (expr, problem) => {
    expect(unknownNames(aQuery(expr), known)).toEqual([problem]);
  });
});

function aQuery(expr: string): { where: string; expr: string; isOptional: boolean } {
  return { where: 'a panel', expr, isOptional: false };
}
