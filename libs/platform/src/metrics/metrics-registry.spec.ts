import { Logger } from '@nestjs/common';
import { counterMetric, gaugeMetric, histogramMetric } from './metric.js';
import { MetricsRegistry } from './metrics-registry.js';

const lines = async (registry: MetricsRegistry, name: string): Promise<string[]> =>
  (await registry.metrics()).split('\n').filter((line) => line.startsWith(name));

describe(MetricsRegistry.name, () => {
  const help = 'A test.';

  beforeAll(() => Logger.overrideLogger(false));

  it('begins every known series with zero, and none whose labels are not known', async () => {
    const registry = new MetricsRegistry();
    registry.counter(counterMetric('test_ends_total', { help, labels: { how: ['good', 'bad'] } }));
    registry.counter(
      counterMetric('test_queues_total', { help, labels: { how: ['good'], queue: 'queues' } }),
    );
    registry.histogram(histogramMetric('test_seconds', { help, buckets: [1] }));

    expect(await lines(registry, 'test_')).toEqual([
      'test_ends_total{how="good"} 0',
      'test_ends_total{how="bad"} 0',
      'test_seconds_bucket{le="1"} 0',
      'test_seconds_bucket{le="+Inf"} 0',
      'test_seconds_sum 0',
      'test_seconds_count 0',
    ]);
  });

  it('shows no gauge that is not known at the moment, and the others all the same', async () => {
    const registry = new MetricsRegistry();
    let known: number | undefined = 5;
    registry.gauge(gaugeMetric('test_plain', { help }), (set) => {
      if (known !== undefined) set(known);
    });
    registry.gauge(
      gaugeMetric('test_labelled', { help, labels: { of: ['a', 'b'] } }),
      async (set) => {
        set(1, { of: 'a' });
        if (known === undefined) throw new Error('It cannot be read.');
      },
    );
    registry.gauge(gaugeMetric('test_other', { help }), (set) => set(1));

    const before = await lines(registry, 'test_');
    known = undefined;
    const after = await lines(registry, 'test_');

    expect(before).toEqual(['test_plain 5', 'test_labelled{of="a"} 1', 'test_other 1']);
    expect(after).toEqual(['test_other 1']);
  });
});
