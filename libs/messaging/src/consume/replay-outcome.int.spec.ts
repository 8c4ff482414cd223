import { randomUUID } from 'node:crypto';
import { ReplayedMessageHandled } from '@offload/contracts';
import { handlerFor, Note, probeContext, roadHarness, settled } from '@offload/testing';
import { headers as headerNames } from '../amqp/headers.js';
import { storeWire } from '../outbox/outbox.js';

const queue = 'probe.note';

describe('the end of a replayed message', () => {
  const { db, start } = roadHarness('replayed');

  it('is told once: its message was handled, after however many tries', async () => {
    const replayItemId = randomUUID();
    const messageId = randomUUID();
    const told: ReplayedMessageHandled[] = [];
    const runtime = await start(
      handlerFor(Note, queue, (_note, { envelope }) => {
        if (envelope.attempt === 1) throw new Error('not yet');
        return [];
      }),
      listenTo(told),
    );
    const isTold = settled(runtime, ({ queue: from }) => from === 'probe.settle-replayed');

    await putBack(messageId, replayItemId);
    runtime.nudge();

    await isTold;
    expect(told).toMatchObject([
      { replayItemId, messageId, queue, service: 'probe', outcome: 'handled', attempt: 2 },
    ]);
    expect(await eventsAbout(replayItemId)).toBe(1);
  });

  it('is told also when the message had been handled before', async () => {
    const replayItemId = randomUUID();
    const messageId = randomUUID();
    const seen: string[] = [];
    const told: ReplayedMessageHandled[] = [];
    const runtime = await start(
      handlerFor(Note, queue, ({ text: handled }) => {
        seen.push(handled);
        return [];
      }),
      listenTo(told),
    );
    const handled = settled(runtime, (result) => result.messageId === messageId);
    await db().transaction((tx) => storeWire(tx, [wireNote('first', messageId)]));
    runtime.nudge();
    await handled;
    const isTold = settled(runtime, ({ queue: from }) => from === 'probe.settle-replayed');

    await putBack(messageId, replayItemId);
    runtime.nudge();

    await isTold;
    expect(told).toMatchObject([{ replayItemId, messageId, outcome: 'duplicate', attempt: 1 }]);
    expect(seen).toEqual(['first']);
    expect(await eventsAbout(replayItemId)).toBe(1);
  });

  /** As a replay does it: on the message's own queue, with its own id. */
  async function putBack(messageId: string, replayItemId: string): Promise<void> {
    const note = wireNote('put back', messageId);
    await db().transaction((tx) =>
      storeWire(tx, [
        {
          ...note,
          exchange: '',
          routingKey: queue,
          headers: { ...note.headers, [headerNames.replayItem]: replayItemId },
        },
      ]),
    );
  }

  /** Also those that no handler has seen. */
  async function eventsAbout(replayItemId: string): Promise<number> {
    const [row]: { events: string }[] = await db().query(
      `select count(*) as events from outbox_message
        where exchange = 'offload.events' and convert_from(body, 'utf8')::json ->> 'replayItemId' = $1`,
      [replayItemId],
    );
    return Number(row?.events);
  }
});

function listenTo(told: ReplayedMessageHandled[]) {
  return handlerFor(ReplayedMessageHandled, 'probe.settle-replayed', (event) => {
    told.push(event);
    return [];
  });
}

function wireNote(text: string, messageId: string) {
  return {
    exchange: 'offload.commands',
    routingKey: 'probe.note.v1',
    messageId,
    properties: { type: 'probe.note.v1', appId: 'probe', correlationId: 'spec' },
    headers: {
      'ce-time': new Date().toISOString(),
      'ce-tenantid': probeContext.tenantId,
      'x-attempt': 1,
      'x-replays': 0,
    },
    body: Buffer.from(JSON.stringify({ text })),
  };
}
