import { namesIn } from './promql-names.mts';

describe(namesIn, () => {
  it('tells metrics with their matchers, and the labels that are grouped and joined by', () => {
    const names = namesIn(
      'histogram_quantile(0.99, sum by (queue, le) (rate(took_bucket{job="a",route!~"/v1/{id}|b"}[5m])))' +
        ' > 1e3 unless on (queue) group_left (version) max(held offset 15m) == 1 # by (comment)',
    );

    expect(names).toEqual({
      selectors: [
        {
          metric: 'took_bucket',
          matchers: [
            { label: 'job', operator: '=', value: 'a' },
            { label: 'route', operator: '!~', value: '/v1/{id}|b' },
          ],
        },
        { metric: 'held', matchers: [] },
      ],
      labels: ['queue', 'le', 'queue', 'version'],
    });
  });

  it('takes no function, number, duration or keyword for a metric', () => {
    const { selectors } = namesIn(
      'topk(3, a:b:rate5m > bool 0.5) or vector(Inf) and absent(up) - 1',
    );

    expect(selectors.map(({ metric }) => metric)).toEqual(['a:b:rate5m', 'up']);
  });
});
