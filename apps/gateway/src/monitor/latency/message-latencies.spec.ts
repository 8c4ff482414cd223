import { aConsumer, heard } from '../../../test/monitor-builders.js';
import { merged, messageLatencies, percentilesOf } from './message-latencies.js';

describe(percentilesOf.name, () => {
  it('answers the bound below which so many percent lie', () => {
    const histogram = [
      { upToMs: 10, count: 50 },
      { upToMs: 20, count: 40 },
      { upToMs: 40, count: 9 },
      { upToMs: 80, count: 1 },
    ];

    expect(percentilesOf(histogram)).toEqual({ count: 100, p50: 10, p90: 20, p99: 40, max: 80 });
  });

  it('is the one value there is, and nothing where there is none', () => {
    expect(percentilesOf([{ upToMs: 5, count: 1 }])).toEqual({
      count: 1,
      p50: 5,
      p90: 5,
      p99: 5,
      max: 5,
    });
    expect(percentilesOf([])).toEqual({ count: 0, p50: null, p90: null, p99: null, max: null });
  });
});

describe(merged.name, () => {
  it('adds the counts of equal bounds, also when versions of a worker have different ones', () => {
    expect(
      merged([
        [
          { upToMs: 10, count: 1 },
          { upToMs: 40, count: 2 },
        ],
        [
          { upToMs: 20, count: 3 },
          { upToMs: 40, count: 4 },
        ],
      ]),
    ).toEqual([
      { upToMs: 10, count: 1 },
      { upToMs: 20, count: 3 },
      { upToMs: 40, count: 6 },
    ]);
  });
});

describe(messageLatencies.name, () => {
  it('merges the live workers of a queue and leaves the silent ones out', () => {
    const workers = [
      heard({ consumers: [consumer(3)] }),
      heard({ instance: 'ingest-2', consumers: [consumer(4)] }),
      heard({ instance: 'ingest-3', consumers: [consumer(100)] }, 60_000),
    ];

    expect(messageLatencies(workers)).toMatchObject([
      {
        message_type: 'ingest.load-chunk.v1',
        queue: 'ingest.load-chunk',
        handling_ms: { count: 7, p50: 10 },
        total_ms: { count: 7, p99: 100 },
      },
    ]);
  });

  it('tells the queues of last resort under *, as they take any type', () => {
    const workers = [heard({ consumers: [aConsumer('dead-letters', { messageType: null })] })];

    expect(messageLatencies(workers)).toMatchObject([{ message_type: '*' }]);
  });
});

const consumer = (count: number) =>
  aConsumer('ingest.load-chunk', {
    handlingMs: [{ upToMs: 10, count }],
    latencyMs: [{ upToMs: 100, count }],
  });
