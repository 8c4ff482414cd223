import { ImportCompleted, LoadChunk } from '@offload/contracts';
import { topology } from './topology.js';

describe(topology.name, () => {
  const built = topology(
    [
      { queue: 'ingest.load-chunk', contract: LoadChunk },
      { queue: 'notifier.tell-import-completed', contract: ImportCompleted },
    ],
    [1_000, 300_000],
  );

  it('binds a command to the direct exchange and an event to the topic exchange', () => {
    expect(built.bindings).toContainEqual({
      exchange: 'offload.commands',
      queue: 'ingest.load-chunk',
      routingKey: 'ingest.load-chunk.v1',
      arguments: {},
    });
    expect(built.bindings).toContainEqual({
      exchange: 'offload.events',
      queue: 'notifier.tell-import-completed',
      routingKey: 'ingest.import-completed.v1',
      arguments: {},
    });
  });

  it('declares a queue before those that dead-letter into it', () => {
    const names = built.queues.map(({ name }) => name);

    expect(names).toEqual([
      'dead-letters',
      'unrouted',
      'ingest.load-chunk',
      'notifier.tell-import-completed',
      'retry.1s',
      'retry.5m',
    ]);
  });

  it('pairs at-least-once dead lettering with reject-publish, without which it is not', () => {
    const deadLettering = built.queues.filter(
      (queue) => 'x-dead-letter-exchange' in queue.arguments,
    );

    expect(deadLettering).toHaveLength(4);
    for (const queue of deadLettering) {
      expect(queue.arguments).toMatchObject({
        'x-queue-type': 'quorum',
        'x-dead-letter-strategy': 'at-least-once',
        'x-overflow': 'reject-publish',
      });
    }
  });

  it('catches what no queue wants', () => {
    const withAlternate = built.exchanges.filter(
      (exchange) => exchange.arguments['alternate-exchange'] === 'offload.unrouted',
    );

    expect(withAlternate.map(({ name }) => name)).toEqual(['offload.commands', 'offload.events']);
  });
});
