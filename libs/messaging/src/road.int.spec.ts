import { randomUUID } from 'node:crypto';
import { PermanentError } from '@offload/platform';
import {
  eventually,
  handlerFor,
  Note,
  Noted,
  probeContext,
  roadHarness,
  settled,
} from '@offload/testing';
import type { GetMessage } from 'amqplib';
import { headers as headerNames, withoutFailure } from './amqp/headers.js';
import { cleanUp } from './outbox/clean-up.js';
import { storeWire } from './outbox/outbox.js';

const queue = 'probe.note';

describe('the road of a message', () => {
  const { db, channel, start } = roadHarness('road');

  const notes = async (text: string): Promise<number> => {
    const [row]: { notes: string }[] = await db().query(
      'select count(*) as notes from note where text like $1',
      [`${text}%`],
    );
    return Number(row?.notes);
  };
  const writeNote = handlerFor(Note, queue, async ({ text }, { tx }) => {
    await tx.query('insert into note (text) values ($1)', [text]);
    return [];
  });

  it('hands over what was committed', async () => {
    const runtime = await start(writeNote);
    const text = randomUUID();
    const done = settled(runtime, ({ queue: from }) => from === queue);

    await runtime.send(probeContext, async () => ({
      result: undefined,
      messages: [Note({ text })],
    }));

    expect(await done).toMatchObject([{ outcome: 'handled', correlationId: 'spec', attempt: 1 }]);
    expect(await notes(text)).toBe(1);
  });

  it('never sends what was rolled back', async () => {
    const runtime = await start(writeNote);
    const text = randomUUID();
    const failing = runtime.send(probeContext, async (tx) => {
      await tx.query('insert into note (text) values ($1)', [text]);
      throw new Error('the request failed');
    });
    await expect(failing).rejects.toThrow('the request failed');
    const done = settled(runtime, () => true);

    await runtime.send(probeContext, async () => ({
      result: undefined,
      messages: [Note({ text: `${text} after` })],
    }));

    await done;
    expect(await notes(text)).toBe(1);
  });

  it('hands each message over once although several replicas relay and consume', async () => {
    const replicas = [await start(writeNote), await start(writeNote), await start(writeNote)];
    const text = randomUUID();
    const texts = Array.from({ length: 600 }, (_, number) => `${text} ${number}`);

    await Promise.all(
      replicas.map((replica, index) =>
        replica.send(probeContext, async () => ({
          result: undefined,
          messages: texts.filter((_, at) => at % 3 === index).map((each) => Note({ text: each })),
        })),
      ),
    );

    await eventually(async () => expect(await notes(text)).toBe(600));
    const [{ pending }]: [{ pending: string }] = await db().query(
      'select count(*) as pending from outbox_message where sent_at is null',
    );
    expect(Number(pending)).toBe(0);
  });

  it('retries through a tier until it succeeds, with the attempt counted', async () => {
    const attempts: number[] = [];
    const runtime = await start(
      handlerFor(Note, queue, (_note, { envelope }) => {
        attempts.push(envelope.attempt);
        if (envelope.attempt < 3) throw new Error('not yet');
        return [];
      }),
    );
    const done = settled(runtime, ({ outcome }) => outcome === 'handled');

    await runtime.send(probeContext, async () => ({
      result: undefined,
      messages: [Note({ text: 'third time' })],
    }));

    await done;
    expect(attempts).toEqual([1, 2, 3]);
  });

  it('gives a permanent failure to the dead letters at once, with its reason, while others flow', async () => {
    const runtime = await start(
      handlerFor(Note, queue, ({ text }) => {
        if (text === 'poison') throw new PermanentError('probe.poison', 'This one is poisonous.');
        return [];
      }),
    );
    const done = settled(runtime, ({ queue: from }) => from === queue, 3);

    await runtime.send(probeContext, async () => ({
      result: undefined,
      messages: [Note({ text: 'a' }), Note({ text: 'poison' }), Note({ text: 'b' })],
    }));

    const outcomes = (await done).map(({ outcome }) => outcome).toSorted();
    expect(outcomes).toEqual(['dead-letter', 'handled', 'handled']);
    const deadLetter = await eventually(() => takeFrom('dead-letters'));
    expect(deadLetter.properties.headers).toMatchObject({
      'x-failure-code': 'probe.poison',
      'x-failure-message': 'This one is poisonous.',
      'x-failed-queue': queue,
      'x-attempt': 1,
    });
  });

  it('gives up after the last attempt', async () => {
    const runtime = await start(
      handlerFor(
        Note,
        queue,
        () => {
          throw new Error('never');
        },
        { attempts: 2 },
      ),
    );
    const done = settled(runtime, ({ queue: from }) => from === queue, 2);

    await runtime.send(probeContext, async () => ({
      result: undefined,
      messages: [Note({ text: 'x' })],
    }));

    expect((await done).map(({ outcome }) => outcome)).toEqual(['retry', 'dead-letter']);
    await eventually(() => takeFrom('dead-letters'));
  });

  it('survives a replay and a further retry: the copies carry no history that RabbitMQ 3 takes for a cycle', async () => {
    let tries = 0;
    const runtime = await start(
      handlerFor(Note, queue, () => {
        tries += 1;
        // Fails once and is retried, fails for good, is replayed, fails once more and is retried.
        if (tries === 2) throw new PermanentError('probe.broken', 'Broken until mended.');
        if (tries < 4) throw new Error('again');
        return [];
      }),
    );
    const givenUp = settled(runtime, ({ outcome }) => outcome === 'dead-letter');
    await runtime.send(probeContext, async () => ({
      result: undefined,
      messages: [Note({ text: 'again' })],
    }));
    const [first] = await givenUp;
    const deadLetter = await eventually(() => takeFrom('dead-letters'));
    const handled = settled(runtime, ({ outcome }) => outcome === 'handled');

    await replay(deadLetter);
    runtime.nudge();

    const [last] = await handled;
    expect(last?.messageId).toBe(first?.messageId);
    expect(tries).toBe(4);
  });

  it('works on one message once, also when it is delivered twice at the same time', async () => {
    const runtime = await start(writeNote);
    const text = randomUUID();
    const messageId = randomUUID();
    const twice = settled(runtime, (result) => result.messageId === messageId, 2);

    await db().transaction(async (tx) => {
      const one = wireNote(text, messageId);
      await storeWire(tx, [one, one]);
    });
    runtime.nudge();

    expect((await twice).map(({ outcome }) => outcome).toSorted()).toEqual([
      'duplicate',
      'handled',
    ]);
    expect(await notes(text)).toBe(1);
  });

  it('catches a message that no queue wants', async () => {
    const runtime = await start(writeNote);

    await runtime.send(probeContext, async () => ({
      result: undefined,
      messages: [Noted({ text: 'nobody listens' })],
    }));

    const unrouted = await eventually(() => takeFrom('unrouted'));
    expect(unrouted.fields.routingKey).toBe('probe.noted.v1');
  });

  it('keeps a message pending while it cannot be routed at all, and says why', async () => {
    const runtime = await start(writeNote);
    const messageId = randomUUID();

    await db().transaction((tx) =>
      storeWire(tx, [
        { ...wireNote('lost?', messageId), exchange: '', routingKey: 'no.such.queue' },
      ]),
    );
    runtime.nudge();

    await eventually(async () => {
      const [row]: { failures: number; last_error: string; sent_at: Date | null }[] =
        await db().query(
          'select failures, last_error, sent_at from outbox_message where message_id = $1',
          [messageId],
        );
      expect(row).toMatchObject({
        failures: 1,
        last_error: 'No queue takes "no.such.queue" from exchange "(default)".',
        sent_at: null,
      });
    });
    await db().query('delete from outbox_message where message_id = $1', [messageId]);
  });

  it('finishes what is in hand when it is stopped, and repeats nothing', async () => {
    const gate = Promise.withResolvers<void>();
    const begun = Promise.withResolvers<void>();
    const text = randomUUID();
    const runtime = await start(
      handlerFor(Note, queue, async (note, { tx }) => {
        begun.resolve();
        await gate.promise;
        await tx.query('insert into note (text) values ($1)', [note.text]);
        return [];
      }),
    );
    await runtime.send(probeContext, async () => ({
      result: undefined,
      messages: [Note({ text })],
    }));
    await begun.promise;

    const stopped = runtime.stop();
    gate.resolve();
    await stopped;

    expect(await notes(text)).toBe(1);
    expect((await channel().checkQueue(queue)).messageCount).toBe(0);
  });

  it('deletes what is past its retention', async () => {
    const messageId = randomUUID();
    await db().query(
      `insert into inbox_message (message_id, queue, handled_at) values ($1, 'q', now() - interval '61 days')`,
      [messageId],
    );

    await cleanUp(db(), { outboxHours: 1, inboxDays: 60 });

    expect(
      await db().query('select 1 from inbox_message where message_id = $1', [messageId]),
    ).toEqual([]);
  });

  async function takeFrom(name: string): Promise<GetMessage> {
    const message = await channel().get(name, { noAck: true });
    if (!message) throw new Error(`${name} is empty`);
    return message;
  }

  async function replay({ content, properties }: GetMessage): Promise<void> {
    await db().transaction((tx) =>
      storeWire(tx, [
        {
          exchange: '',
          routingKey: queue,
          messageId: String(properties.messageId),
          properties: {
            type: properties.type as string,
            appId: properties.appId as string,
            correlationId: properties.correlationId as string,
          },
          headers: { ...withoutFailure({ ...properties.headers }), [headerNames.attempt]: 1 },
          body: content,
        },
      ]),
    );
  }
});

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
