import { EmailSent, type Outgoing, StartImport } from '@offload/contracts';
import type { DeadLetterResource } from '@offload/contracts/http';
import { exchanges, storeOutgoing } from '@offload/messaging';
import { arrival, eventually, workerVhost } from '@offload/testing';
import { type Channel, type ChannelModel, connect, type GetMessage, type Options } from 'amqplib';
import { v7 } from 'uuid';
import { aStoredImport, eventsOf, started } from '../../test/builders.js';
import { gatewayHarness } from '../../test/gateway-harness.js';
import { defaultTenantId } from '../access/bootstrap-access.js';
import { Import } from '../imports/import.entity.js';

/** What the gateway gives up on in this spec: a report of this queue that does not fit its contract. */
const queue = 'gateway.track-email-sent';

describe('dead letters', () => {
  const { as, db, runtime } = gatewayHarness({ broker: 'dead-letters' });
  let model: ChannelModel;
  let channel: Channel;

  beforeAll(async () => {
    model = await connect(await workerVhost('dead-letters'));
    channel = await model.createChannel();
  });
  afterAll(() => model.close());

  it('go back to their queue by a replay, with the same id, and open again when they fail again', async () => {
    const messageId = publishPoison();
    const { id } = await eventuallyOpen(messageId);

    const { body: replay } = await as()
      .post(`/v1/dead-letters/${id}/replays`)
      .send({ reason: 'The notifier is mended.' })
      .expect(202);

    await eventually(async () => {
      const { body } = await as().get(`/v1/dead-letters/${id}`);
      expect(body).toMatchObject({
        state: 'open',
        failures: 2,
        replays: 1,
        message_id: messageId,
        last_action: {
          kind: 'replay',
          operation_id: replay.id,
          reason: 'The notifier is mended.',
        },
      });
    });
  });

  it('cannot be replayed or discarded when they are not open', async () => {
    const { id } = await eventuallyOpen(publishPoison());
    await as().post(`/v1/dead-letters/${id}/discards`).send({ reason: 'A test.' }).expect(200);

    const act = (noun: string) =>
      as().post(`/v1/dead-letters/${id}/${noun}`).send({ reason: 'A test.' }).expect(409);
    const replay = await act('replays');
    const discard = await act('discards');

    expect(replay.body).toMatchObject({
      code: 'invalid_state',
      detail: expect.stringContaining('discarded'),
    });
    expect(discard.body).toMatchObject({ code: 'invalid_state' });
  });

  it('are replayed once under one Idempotency-Key', async () => {
    const { id } = await eventuallyOpen(publishPoison());
    const replay = () =>
      as()
        .post(`/v1/dead-letters/${id}/replays`)
        .set('Idempotency-Key', `spec-${id}`)
        .send({ reason: 'A test.' });

    const first = await replay().expect(202);
    const again = await replay().expect(202);

    expect(again.text).toBe(first.text);
    expect(again.headers['idempotency-replayed']).toBe('true');
  });

  it('interrupt the import they are about, which goes on after the replay', async () => {
    const { id: importId } = await aStoredImport(db());
    const messageId = await send(startImport(importId));

    const { id } = await eventuallyOpen(messageId);

    expect(await db().manager.findOneBy(Import, { id: importId })).toMatchObject({
      state: 'interrupted',
      openDeadLetters: 1,
    });
    expect(await eventsOf(db(), `import:${importId}`)).toMatchObject([
      { type: 'import-interrupted', data: { state: 'interrupted' }, ends_topic: false },
    ]);

    const { body } = await as().get(`/v1/dead-letters/${id}`).expect(200);
    expect(body).toMatchObject({
      queue: null,
      failure: { code: 'messaging.unrouted' },
      subject: `import:${importId}`,
      address: { exchange: exchanges.commands, routing_key: StartImport.type },
    });

    const work = await bindQueue(StartImport.type);
    await as().post(`/v1/dead-letters/${id}/replays`).send({ reason: 'A test.' }).expect(202);
    const replayed = await eventually(async () =>
      arrived(await channel.get(work, { noAck: true })),
    );
    await channel.deleteQueue(work);

    expect(replayed.properties).toMatchObject({
      messageId,
      type: StartImport.type,
      headers: { 'x-attempt': 1, 'x-replays': 1, 'ce-subject': `import:${importId}` },
    });
    expect(await db().manager.findOneBy(Import, { id: importId })).toMatchObject({
      openDeadLetters: 0,
    });
    await send(started(importId));
    await eventually(async () =>
      expect(await db().manager.findOneBy(Import, { id: importId })).toMatchObject({
        state: 'loading',
      }),
    );
  });

  /** A message of a known type that does not fit it. */
  const publishPoison = (type: string = EmailSent.type, subject?: string): string => {
    const poison: Outgoing = { kind: 'event', type, subject, payload: { poison: true } };
    const message = arrival(poison, queue, { id: v7(), tenantId: defaultTenantId });
    const options = {
      messageId: message.messageId,
      ...message.properties,
      headers: message.headers,
    };
    channel.sendToQueue(queue, message.body, options as Options.Publish);
    return message.messageId ?? '';
  };

  /** Sends a message as a service does. */
  const send = async (message: Outgoing): Promise<string> => {
    const [messageId = ''] = await db().transaction((tx) =>
      storeOutgoing(tx, [message], {
        source: 'gateway',
        tenantId: defaultTenantId,
        correlationId: 'spec',
      }),
    );
    runtime().nudge();
    return messageId;
  };

  const eventuallyOpen = (messageId: string): Promise<DeadLetterResource> =>
    eventually(async () => {
      const [row]: { id: string }[] = await db().query(
        `select id from dead_letter where message_id = $1 and state = 'open'`,
        [messageId],
      );
      expect(row).toMatchObject({ id: expect.any(String) });
      const { body } = await as().get(`/v1/dead-letters/${row?.id}`).expect(200);
      return body as DeadLetterResource;
    });

  const bindQueue = async (type: string): Promise<string> => {
    const { queue: work } = await channel.assertQueue('', { exclusive: true });
    await channel.bindQueue(work, exchanges.commands, type);
    return work;
  };
});

function arrived(message: GetMessage | false): GetMessage {
  if (!message) throw new Error('Nothing has arrived yet.');
  return message;
}

const startImport = (importId: string) =>
  StartImport({
    importId,
    file: {
      key: `${defaultTenantId}/${v7()}`,
      name: 'people.csv',
      size: 1,
      sha256: '0'.repeat(64),
    },
    dataset: { name: 'people' },
  });
