import type { IncomingMessage } from '../amqp/wire.js';
import { readDeadLetter } from './dead-letter.js';

const now = new Date('2026-02-03T04:05:06Z');

describe(readDeadLetter.name, () => {
  it('reads the failure that a handler gave up with', () => {
    const deadLetter = readDeadLetter(
      aMessage({
        'x-dead-letter-id': '0198d0e4-0000-7000-8000-0000000000aa',
        'x-failed-queue': 'ingest.load-chunk',
        'x-failure-code': 'ingest.import-not-found',
        'x-failure-message': 'There is no import 7.',
        'x-attempt': 1,
        'x-death': [],
      }),
      now,
    );

    expect(deadLetter).toMatchObject({
      id: '0198d0e4-0000-7000-8000-0000000000aa',
      queue: 'ingest.load-chunk',
      address: { exchange: '', routingKey: 'ingest.load-chunk' },
      failure: { code: 'ingest.import-not-found', message: 'There is no import 7.' },
    });
    expect(Object.keys(deadLetter.headers)).toEqual(['x-attempt']);
  });

  it('calls what the delivery limit ended a dead worker, also after earlier failures', () => {
    const deadLetter = readDeadLetter(
      aMessage({
        'x-failure-code': 'ECONNREFUSED',
        'x-first-death-queue': 'ingest.load-chunk',
        'x-first-death-reason': 'delivery_limit',
      }),
      now,
    );

    expect(deadLetter.failure.code).toBe('messaging.worker-died');
    expect(deadLetter.queue).toBe('ingest.load-chunk');
  });

  it('gives the same broker-made dead letter the same id each time it arrives', () => {
    const headers = { 'x-first-death-reason': 'delivery_limit', 'x-death': [{ count: 1 }] };

    expect(readDeadLetter(aMessage(headers), now).id).toBe(
      readDeadLetter(aMessage(headers), now).id,
    );
  });

  it('tells a message that was replayed and died again from its first death', () => {
    const again = { ...aMessage({ 'x-replays': 1 }), queue: 'unrouted' };
    const before = { ...aMessage({ 'x-replays': 0 }), queue: 'unrouted' };

    expect(readDeadLetter(again, now).id).not.toBe(readDeadLetter(before, now).id);
  });

  it('takes two messages without an id for two, however alike they are', () => {
    const message = { ...aMessage({}), messageId: undefined };

    expect(readDeadLetter(message, now).id).not.toBe(readDeadLetter(message, now).id);
  });

  it('tells the replay that had put it back, and takes what is no id for nothing', () => {
    const replayItem = '0198d0e4-0000-7000-8000-0000000000cc';
    const original = '0198d0e4-0000-7000-8000-0000000000dd';
    const replayed = readDeadLetter(
      aMessage({ 'x-replay-item': replayItem, 'x-edit-of': original }),
      now,
    );
    const forged = readDeadLetter(aMessage({ 'x-replay-item': 7, 'x-edit-of': "'; --" }), now);

    expect(replayed).toMatchObject({ replayItemId: replayItem, editOf: original });
    expect(replayed.headers).toEqual({ 'x-edit-of': original });
    expect(forged).toMatchObject({ replayItemId: undefined, editOf: undefined });
  });

  it('sends an unrouted message back to the exchange that found no queue', () => {
    const deadLetter = readDeadLetter({ ...aMessage({}), queue: 'unrouted' }, now);

    expect(deadLetter).toMatchObject({
      queue: undefined,
      address: { exchange: 'offload.commands', routingKey: 'ingest.load-chunk.v1' },
      failure: { code: 'messaging.unrouted' },
    });
  });

  it('takes a message that is nothing but bytes', () => {
    const deadLetter = readDeadLetter(
      { ...aMessage({}), messageId: undefined, properties: {}, body: Buffer.from([0, 255]) },
      now,
    );

    expect(deadLetter.failure.code).toBe('messaging.worker-died');
  });
});

function aMessage(headers: Record<string, unknown>): IncomingMessage {
  return {
    queue: 'dead-letters',
    exchange: 'offload.commands',
    routingKey: 'ingest.load-chunk.v1',
    redelivered: false,
    messageId: '0198d0e4-0000-7000-8000-0000000000bb',
    properties: { type: 'ingest.load-chunk.v1', appId: 'gateway' },
    headers,
    body: Buffer.from('{}'),
  };
}
