import { randomUUID } from 'node:crypto';
import { eventually, handlerFor, Note, probeContext, roadHarness } from '@offload/testing';
import type { WireMessage } from '../amqp/wire.js';
import { storeWire } from './outbox.js';
import { Relay } from './relay.js';

describe(Relay.name, () => {
  const { db, start } = roadHarness('relay');

  afterEach(() => db().query('delete from outbox_message'));

  it('keeps a row that closes the channel from failing the others, suspects like it among them', async () => {
    const breaks = anOutgoing({ exchange: 'no.such.exchange' });
    const suspects = Array.from({ length: 5 }, () => anOutgoing());
    const others = Array.from({ length: 30 }, () => anOutgoing());
    await store([breaks, ...suspects, ...others]);
    await db().query('update outbox_message set failures = 3 where message_id = any($1)', [
      [breaks, ...suspects].map(({ messageId }) => messageId),
    ]);

    await start(handlerFor(Note, 'probe.note', () => []));

    await eventually(async () => {
      expect(await rowsOf(others)).toEqual(others.map(() => ({ failures: 0, isSent: true })));
      expect(await rowsOf(suspects)).toEqual(suspects.map(() => ({ failures: 3, isSent: true })));
      expect(await rowsOf([breaks])).toEqual([{ failures: 4, isSent: false }]);
    });
  });

  it('fails what cannot be written as AMQP alone, and tells each row its own reason', async () => {
    const tooLong = anOutgoing({ routingKey: 'ä'.repeat(200) });
    const nowhere = anOutgoing({ exchange: '', routingKey: 'no.such.queue' });
    const good = anOutgoing();
    await store([tooLong, good, nowhere]);

    await start(handlerFor(Note, 'probe.note', () => []));

    await eventually(async () => {
      expect(await rowsOf([good])).toEqual([{ failures: 0, isSent: true }]);
      expect(await reasonOf(tooLong)).toMatch(/^It cannot be written as AMQP: .*routingKey/);
      expect(await reasonOf(nowhere)).toMatch(/^No queue takes "no.such.queue"/);
    });
  });

  const store = (messages: WireMessage[]): Promise<void> =>
    db().transaction((tx) => storeWire(tx, messages));

  const rowsOf = (messages: WireMessage[]): Promise<{ failures: number; isSent: boolean }[]> =>
    db().query(
      `select failures, sent_at is not null as "isSent" from outbox_message where message_id = any($1)`,
      [messages.map(({ messageId }) => messageId)],
    );

  const reasonOf = async ({ messageId }: WireMessage): Promise<string | null | undefined> => {
    const [row]: { last_error: string | null }[] = await db().query(
      'select last_error from outbox_message where message_id = $1',
      [messageId],
    );
    return row?.last_error;
  };
});

function anOutgoing(address: Partial<Pick<WireMessage, 'exchange' | 'routingKey'>> = {}) {
  return {
    exchange: 'offload.commands',
    routingKey: 'probe.note.v1',
    ...address,
    messageId: randomUUID(),
    properties: { type: 'probe.note.v1', appId: 'probe', correlationId: 'spec' },
    headers: { 'ce-time': new Date().toISOString(), 'ce-tenantid': probeContext.tenantId },
    body: Buffer.from(JSON.stringify({ text: 'outgoing' })),
  };
}
