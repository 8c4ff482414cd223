import {
  aBrake,
  aBrokerQueue,
  aConsumer,
  aGateway,
  heard,
} from '../../../test/monitor-builders.js';
import { MonitorQueue } from '@offload/contracts/http';
import { purposeOf, queueList } from './queue-list.js';

describe(queueList.name, () => {
  it('joins what the broker says with what the live workers say', () => {
    const workers = [
      heard({ consumers: [aConsumer('ingest.load-chunk', { inHand: 2, waitedMs: 1500 })] }),
      heard({
        instance: 'ingest-2',
        consumers: [aConsumer('ingest.load-chunk', { waitedMs: 4000, brake: aBrake() })],
      }),
    ];
    const queue = aBrokerQueue('ingest.load-chunk', {
      ready: 9,
      unacked: 3,
      consumers: 2,
      ackedPerS: 4.5,
    });

    const [found, ...others] = queueList([queue], workers);

    expect(others).toEqual([]);
    expect(MonitorQueue.parse(found)).toEqual(found);
    expect(found).toMatchObject({
      name: 'ingest.load-chunk',
      purpose: 'work',
      message_type: 'ingest.load-chunk.v1',
      ready: 9,
      unacked: 3,
      consumers: 2,
      acked_per_s: 4.5,
      oldest_wait_s: 4,
      brakes: [{ instance: 'ingest-2', code: '57P01', failures: 12 }],
    });
  });

  it('takes from the workers what the broker does not say', () => {
    const workers = [heard({ consumers: [aConsumer('ingest.load-chunk', { inHand: 2 })] })];
    const queue = aBrokerQueue('ingest.load-chunk', { unacked: null, ackedPerS: null });

    expect(queueList([queue], workers)).toMatchObject([{ unacked: 2, acked_per_s: null }]);
  });

  it('shows what the workers know while the broker does not answer', () => {
    const workers = [
      heard(),
      heard({ instance: 'notifier-1', consumers: [aConsumer('notifier.send-email')] }, 60_000),
    ];

    expect(queueList(undefined, workers)).toMatchObject([
      { name: 'ingest.load-chunk', ready: null, consumers: 1, unacked: 0 },
      { name: 'notifier.send-email', ready: null, consumers: null, unacked: null },
    ]);
  });

  it('puts our work first and the queues of others last', () => {
    const names = ['zoo', 'retry.5s', 'gateway.stream.g1', 'unrouted', 'notifier.send-email'];
    const queues = names.map((name) =>
      aBrokerQueue(name, { isExclusive: name === 'gateway.stream.g1' }),
    );

    expect(queueList(queues, [aGateway()]).map(({ name, purpose }) => [name, purpose])).toEqual([
      ['notifier.send-email', 'work'],
      ['unrouted', 'last_resort'],
      ['retry.5s', 'retry'],
      ['gateway.stream.g1', 'replica'],
      ['zoo', 'other'],
    ]);
  });
});

describe(purposeOf.name, () => {
  it.each([
    ['gateway', false, 'other'],
    ['ingestion.load', false, 'other'],
    ['retry.soon', false, 'other'],
    ['retry.100ms', false, 'retry'],
    ['probe.note', true, 'work'],
  ] as const)('%s, worked on: %s → %s', (name, isWorkedOn, purpose) => {
    expect(purposeOf(name, { isWorkedOn, isExclusive: false })).toBe(purpose);
  });
});
