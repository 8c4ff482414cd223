import { randomUUID } from 'node:crypto';
import { eventually, handlerFor, Note, roadHarness, probeContext, settled } from '@offload/testing';
import { storeWire } from '../outbox/outbox.js';
import { type DeadLetter, readDeadLetter } from './dead-letter.js';
import type { RegisteredHandler } from './delivery-work.js';
import { comeBackCopy } from './settle.js';

const queue = 'probe.note';
const probeProperties = { type: 'probe.note.v1', appId: 'probe', correlationId: 'spec' };

describe(readDeadLetter.name, () => {
  const { db, channel, start } = roadHarness('dead-letter');

  it('puts what waited in a tier, and was then given up by the broker, back into the queue that it was in', async () => {
    const handler = handlerFor(Note, queue, () => []);
    const worker = await start(handler);
    await worker.stop();
    const messageId = randomUUID();
    await waitInTier(messageId);
    await eventually(() => giveUp(messageId));

    const letters: DeadLetter[] = [];
    const keeper = await start(keepIn(letters));
    const letter = await eventually(() => letterOf(letters, messageId));
    expect(letter).toMatchObject({
      queue,
      address: { exchange: '', routingKey: queue },
      failure: { code: 'messaging.taken-out' },
    });

    const mended = await start(handler);
    const handled = settled(mended, (result) => result.messageId === messageId);
    await replay(letter);
    keeper.nudge();

    expect(await handled).toMatchObject([{ outcome: 'handled', queue }]);
  });

  it('stores what a stranger puts among the dead letters, whatever it claims for its id', async () => {
    const letters: DeadLetter[] = [];
    const keeper = await start(keepIn(letters));
    const messageId = randomUUID();
    const stored = settled(keeper, (result) => result.messageId === messageId);

    channel().publish('offload.dead-letters', queue, Buffer.from('?'), {
      messageId,
      headers: { 'x-dead-letter-id': "'; --", 'x-failed-queue': 'retry.1h' },
    });

    expect(await stored).toMatchObject([{ outcome: 'handled' }]);
    expect(letterOf(letters, messageId)).toMatchObject({ queue });
  });

  /** As a delivery that the brake held for too long: it was not tried, so nothing is said of a failure. */
  const waitInTier = async (messageId: string): Promise<void> => {
    const copy = comeBackCopy(
      {
        queue,
        exchange: 'offload.commands',
        routingKey: 'probe.note.v1',
        redelivered: false,
        messageId,
        properties: probeProperties,
        headers: {
          'ce-time': new Date().toISOString(),
          'ce-tenantid': probeContext.tenantId,
        },
        body: Buffer.from(JSON.stringify({ text: 'held' })),
      },
      { tiersMs: [100], pauseMs: 100 },
    );
    if (!copy) throw new Error('There is a tier.');
    // Copies that were in a tier before theirs carried the name of the queue have to end well too.
    const { 'x-failed-queue': _, ...unnamed } = copy.headers;
    channel().publish(copy.exchange, copy.routingKey, copy.body, {
      ...probeProperties,
      messageId: copy.messageId,
      headers: unnamed,
      persistent: true,
    });
  };

  /** At once what the delivery limit does in the end, for another reason: the way through the queue's dead-letter exchange is the same. */
  const giveUp = async (messageId: string): Promise<void> => {
    const message = await channel().get(queue);
    if (message) channel().reject(message, false);
    expect(message).toMatchObject({ properties: { messageId } });
  };

  const replay = async (letter: DeadLetter): Promise<void> => {
    const { address, messageId, properties, headers, body } = letter;
    await db().transaction((tx) =>
      storeWire(tx, [{ ...address, messageId: String(messageId), properties, headers, body }]),
    );
  };
});

function letterOf(letters: DeadLetter[], messageId: string): DeadLetter {
  const letter = letters.find((each) => each.messageId === messageId);
  if (!letter) throw new Error(`There is no dead letter of ${messageId}.`);
  return letter;
}

function keepIn(letters: DeadLetter[]): RegisteredHandler {
  return {
    registration: { queue: 'dead-letters', contract: undefined, prefetch: 10, attempts: 8 },
    invoke: async (payload) => {
      letters.push(payload as DeadLetter);
      return [];
    },
  };
}
