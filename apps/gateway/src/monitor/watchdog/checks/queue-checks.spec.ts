import {
  aBrake,
  aBrokerQueue,
  aBrokerView,
  aConsumer,
  aGateway,
  ago,
  heard,
  minutes,
  someFacts,
} from '../../../../test/monitor-builders.js';
import type { BrokerQueue } from '../../queues/management-api.js';
import type { Facts } from '../facts.js';
import { deadLettersNotStored } from './dead-letters-not-stored.js';
import { outboxNotDraining } from './outbox-not-draining.js';
import { queueBraked } from './queue-braked.js';
import { queueWithoutConsumer } from './queue-without-consumer.js';
import { unroutedMessages } from './unrouted-messages.js';

const withQueues = (queues: BrokerQueue[] | undefined, fields: Partial<Facts> = {}): Facts =>
  someFacts({ broker: aBrokerView({ queues }), ...fields });

describe(queueWithoutConsumer.name, () => {
  it('finds a queue of ours that nobody consumes', () => {
    const found = queueWithoutConsumer(
      withQueues([
        aBrokerQueue('ingest.load-chunk', { consumers: 0, ready: 3 }),
        aBrokerQueue('ingest.split-file'),
        aBrokerQueue('dead-letters', { consumers: 0 }),
      ]),
    );

    expect(found).toMatchObject([
      {
        subject: 'queue:ingest.load-chunk',
        severity: 'critical',
        detail: 'Nobody works on the queue ingest.load-chunk; 3 messages wait in it.',
        confirmAfterMs: 30_000,
      },
      { subject: 'queue:dead-letters', severity: 'warning' },
    ]);
    expect(found?.[1]?.remedy).toContain('Start the gateway');
  });

  it('lets retry tiers, queues of others and queues of one connection alone', () => {
    const queues = [
      aBrokerQueue('retry.5s', { consumers: 0 }),
      aBrokerQueue('billing', { consumers: 0 }),
      aBrokerQueue('gateway.stream.gateway-1', { consumers: 0, isExclusive: true }),
    ];

    expect(queueWithoutConsumer(withQueues(queues))).toEqual([]);
  });

  it('lets a queue alone that its workers have paused', () => {
    const workers = [heard({ consumers: [aConsumer('ingest.load-chunk', { brake: aBrake() })] })];
    const queues = [aBrokerQueue('ingest.load-chunk', { consumers: 0 })];

    expect(queueWithoutConsumer(withQueues(queues, { workers }))).toEqual([]);
  });

  it('judges by the reports alone while the broker cannot be asked', () => {
    const workers = [aGateway(), heard({}, 60_000)];

    expect(queueWithoutConsumer(withQueues(undefined, { workers }))).toMatchObject([
      {
        subject: 'queue:ingest.load-chunk',
        detail: 'Nobody works on the queue ingest.load-chunk.',
      },
    ]);
  });

  it('cannot tell while the gateways hear nothing', () => {
    const deaf = aGateway({ broker: { publishing: 'disconnected', consuming: 'disconnected' } });

    const found = queueWithoutConsumer(
      withQueues(undefined, { workers: [deaf, heard({}, 60_000)] }),
    );

    expect(found).toBeUndefined();
  });
});

describe(queueBraked.name, () => {
  it('tells what fails and since when, and is critical when all workers have paused', () => {
    const braked = aConsumer('notifier.send-email', {
      brake: aBrake({ message: 'relay away', code: 'x' }),
    });
    const one = heard({ service: 'notifier', consumers: [braked] });
    const other = heard({ instance: 'notifier-2', consumers: [aConsumer('notifier.send-email')] });

    expect(queueBraked(someFacts({ workers: [aGateway(), one] }))).toMatchObject([
      {
        subject: 'queue:notifier.send-email',
        severity: 'critical',
        detail:
          'Its workers have paused the queue notifier.send-email since 2026-01-01T11:50:00.000Z: relay away (x, 12 failures in a row).',
      },
    ]);
    expect(queueBraked(someFacts({ workers: [aGateway(), one, other] }))).toMatchObject([
      { severity: 'warning', detail: expect.stringContaining('1 of its 2 workers have paused') },
    ]);
  });

  it('does not believe a worker that is silent', () => {
    const braked = aConsumer('notifier.send-email', { brake: aBrake() });

    expect(
      queueBraked(someFacts({ workers: [aGateway(), heard({ consumers: [braked] }, 60_000)] })),
    ).toEqual([]);
  });
});

describe(deadLettersNotStored.name, () => {
  const waiting = { ready: 4, unacked: 1 };

  it('finds dead letters that nobody takes', () => {
    expect(deadLettersNotStored(withQueues([aBrokerQueue('dead-letters', waiting)]))).toMatchObject(
      [
        {
          subject: 'queue:dead-letters',
          severity: 'critical',
          detail: expect.stringContaining('5 dead letters wait in the queue dead-letters'),
          confirmAfterMs: 60_000,
        },
      ],
    );
  });

  it('lets a queue alone that is being emptied', () => {
    const queue = aBrokerQueue('dead-letters', { ...waiting, ackedPerS: 120 });

    expect(deadLettersNotStored(withQueues([queue]))).toEqual([]);
  });

  it('counts what workers have in hand where the broker does not say', () => {
    const queue = aBrokerQueue('unrouted', { unacked: null, ackedPerS: null });
    const workers = [aGateway({ consumers: [aConsumer('unrouted', { inHand: 2 })] })];

    expect(deadLettersNotStored(withQueues([queue], { workers }))).toMatchObject([
      { subject: 'queue:unrouted' },
    ]);
  });

  it('cannot tell while the broker does not answer', () => {
    expect(deadLettersNotStored(withQueues(undefined))).toBeUndefined();
  });
});

describe(outboxNotDraining.name, () => {
  it('tells of our own outbox, and why the last try failed', () => {
    const outbox = { pending: 2, oldestAt: ago(90_000), lastError: 'No queue takes it.' };

    expect(outboxNotDraining(someFacts({ outbox }))).toMatchObject([
      {
        subject: 'outbox:gateway',
        severity: 'warning',
        detail:
          '2 messages of gateway wait for the broker, the oldest for 90 s. The last try failed: No queue takes it.',
      },
    ]);
  });

  it('is critical when the oldest waits for ten minutes, and silent for the first one', () => {
    expect(outboxNotDraining(waiting(minutes(10)))).toMatchObject([{ severity: 'critical' }]);
    expect(outboxNotDraining(waiting(59_000))).toEqual([]);
  });

  it('tells of the outbox of another service once, however many replicas report it', () => {
    const outbox = { pending: 5, oldestAgeMs: 61_000 };
    const workers = [heard({ outbox }), heard({ instance: 'ingest-2', outbox })];

    expect(outboxNotDraining(someFacts({ workers }))).toMatchObject([{ subject: 'outbox:ingest' }]);
  });

  it('believes the replica that has looked last, when one has seen it drained', () => {
    const workers = [
      heard({ outbox: { pending: 5, oldestAgeMs: 61_000 } }),
      heard({ instance: 'ingest-2', outbox: { pending: 0, oldestAgeMs: null } }),
    ];

    expect(outboxNotDraining(someFacts({ workers }))).toEqual([]);
  });
});

describe(unroutedMessages.name, () => {
  it('tells each type that no queue wants', () => {
    const unrouted = [{ messageType: 'ingest.gone.v1', count: 3, oldestAt: ago(minutes(5)) }];

    expect(unroutedMessages(someFacts({ unrouted }))).toMatchObject([
      {
        subject: 'message:ingest.gone.v1',
        severity: 'critical',
        detail: 'No queue wanted 3 messages of type ingest.gone.v1; the oldest came 5 min ago.',
      },
    ]);
  });
});

const waiting = (ms: number) =>
  someFacts({ outbox: { pending: 1, oldestAt: ago(ms), lastError: null } });
