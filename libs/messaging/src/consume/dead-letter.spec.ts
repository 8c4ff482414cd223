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
        'x-death': [{ queue: 'ingest.load-chunk', reason: 'delivery_limit' }],
      }),
      now,
    );

    expect(deadLetter.failure.code).toBe('messaging.worker-died');
    expect(deadLetter.failure.message).toContain('(delivery_limit)');
    expect(deadLetter.queue).toBe('ingest.load-chunk');
  });

  it('names the queue that gave it up and not the tier that it had waited in', () => {
    const history = {
      'x-first-death-queue': 'retry.1m',
      'x-first-death-reason': 'expired',
      'x-death': [
        { queue: 'ingest.load-chunk', reason: 'delivery_limit' },
        { queue: 'retry.1m', reason: 'expired' },
      ],
    };
    const byHistory = aMessage(history);
    const byAddress = {
      ...aMessage({ 'x-first-death-queue': 'retry.1m' }),
      exchange: 'offload.dead-letters',
      routingKey: 'ingest.load-chunk',
    };

    for (const message of [byHistory, byAddress]) {
      expect(readDeadLetter(message, now)).toMatchObject({
        queue: 'ingest.load-chunk',
        address: { exchange: '', routingKey: 'ingest.load-chunk' },
      });
    }
    expect(readDeadLetter(byHistory, now).failure.message).toContain('(delivery_limit)');
  });

  it.each([
    ['rejected', 'messaging.taken-out'],
    ['expired', 'messaging.taken-out'],
    ['maxlen', 'messaging.taken-out'],
    ['delivery_limit', 'messaging.worker-died'],
  ])('tells what became of a message that the broker parted with as %s', (reason, code) => {
    const message = aMessage({ 'x-death': [{ queue: 'ingest.load-chunk', reason }] });

    expect(readDeadLetter(message, now).failure.code).toBe(code);
  });

  it('sends nothing back to a tier or to a queue of last resort, whatever a header says', () => {
    for (const name of ['retry.5m', 'dead-letters', 'unrouted']) {
      expect(readDeadLetter(aMessage({ 'x-failed-queue': name }), now).queue).toBeUndefined();
    }
  });

  it('takes for its id what is one, and only from a copy of ours', () => {
    const id = '0198d0e4-0000-7000-8000-0000000000aa';
    const isUuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
    const forged = readDeadLetter(aMessage({ 'x-dead-letter-id': 'seven' }), now);
    const killed = readDeadLetter(
      aMessage({
        'x-dead-letter-id': id,
        'x-failure-code': 'made.up',
        'x-death': [{ queue: 'ingest.load-chunk', reason: 'delivery_limit' }],
      }),
      now,
    );
    const unrouted = readDeadLetter(
      { ...aMessage({ 'x-dead-letter-id': id }), queue: 'unrouted' },
      now,
    );

    for (const letter of [forged, killed, unrouted]) {
      expect(letter.id).toMatch(isUuid);
      expect(letter.id).not.toBe(id);
    }
    expect(killed.failure.code).toBe('messaging.worker-died');
  });

  it('cuts the name of a queue to what AMQP has room for, at a character', () => {
    const { address } = readDeadLetter(aMessage({ 'x-failed-queue': 'ä'.repeat(300) }), now);

    expect(address.routingKey).toBe('ä'.repeat(127));
  });

  it('gives the same broker-made dead letter the same id each time it arrives', () => {
    const headers = { 'x-death': [{ queue: 'ingest.load-chunk', count: 1 }] };

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
