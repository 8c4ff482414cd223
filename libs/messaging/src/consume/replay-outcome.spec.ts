import type { IncomingMessage } from '../amqp/wire.js';
import { replayOutcome } from './replay-outcome.js';

const end = {
  outcome: 'handled',
  messageId: '0198d0e4-0000-7000-8000-0000000000bb',
  service: 'ingest',
  now: new Date('2026-02-03T04:05:06Z'),
} as const;

describe(replayOutcome.name, () => {
  it('tells the replay what became of the message, and at which try', () => {
    const replayItemId = '0198d0e4-0000-7000-8000-0000000000cc';

    const told = replayOutcome(aMessage({ 'x-replay-item': replayItemId, 'x-attempt': 2 }), end);

    expect(told).toMatchObject([
      {
        type: 'messaging.replayed-message-handled.v1',
        payload: {
          replayItemId,
          messageId: end.messageId,
          queue: 'ingest.load-chunk',
          service: 'ingest',
          outcome: 'handled',
          attempt: 2,
          handledAt: '2026-02-03T04:05:06.000Z',
        },
      },
    ]);
  });

  it.each([[undefined], [''], ['7'], [7], [null], [{}], ['0198d0e4-0000-7000-8000']])(
    'tells nobody of a message that no replay put back (%p)',
    (value) => {
      expect(replayOutcome(aMessage({ 'x-replay-item': value }), end)).toEqual([]);
    },
  );

  it('takes an attempt that is no count for the first', () => {
    const replayItemId = '0198d0e4-0000-7000-8000-0000000000cc';

    const told = replayOutcome(aMessage({ 'x-replay-item': replayItemId, 'x-attempt': 1.5 }), end);

    expect(told).toMatchObject([{ payload: { attempt: 1 } }]);
  });
});

function aMessage(headers: Record<string, unknown>): IncomingMessage {
  return {
    queue: 'ingest.load-chunk',
    exchange: '',
    routingKey: 'ingest.load-chunk',
    redelivered: false,
    messageId: end.messageId,
    properties: { type: 'ingest.load-chunk.v1', appId: 'gateway' },
    headers,
    body: Buffer.from('{}'),
  };
}
