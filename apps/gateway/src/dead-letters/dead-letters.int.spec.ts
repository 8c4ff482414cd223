import { randomUUID } from 'node:crypto';
import { EmailSent, type Outgoing, StartImport } from '@offload/contracts';
import type { DeadLetterResource } from '@offload/contracts/http';
import { exchanges, queues, storeOutgoing } from '@offload/messaging';
import { arrival, eventually, workerVhost } from '@offload/testing';
import { type Channel, type ChannelModel, connect, type GetMessage, type Options } from 'amqplib';
import { v7 } from 'uuid';
import { aStoredEmail, aStoredImport, eventsOf, started } from '../../test/builders.js';
import { gatewayHarness } from '../../test/gateway-harness.js';
import { defaultTenantId } from '../access/bootstrap-access.js';
import { Email } from '../emails/email.entity.js';
import { Import } from '../imports/import.entity.js';

/** What the gateway gives up on in this spec: a report of this queue that does not fit its contract. */
const queue = 'gateway.track-email-sent';

describe('dead letters', () => {
  const { as, aKey, db, runtime } = gatewayHarness({ broker: 'dead-letters' });
  let model: ChannelModel;
  let channel: Channel;

  beforeAll(async () => {
    model = await connect(await workerVhost('dead-letters'));
    channel = await model.createChannel();
  });
  afterAll(() => model.close());

  it('are kept with their reason, their message and where they came from', async () => {
    const messageId = publishPoison();

    const { id } = await eventuallyOpen(messageId);
    const { body } = await as().get(`/v1/dead-letters/${id}`).expect(200);

    expect(body).toMatchObject({
      object: 'dead_letter',
      state: 'open',
      message_id: messageId,
      message_type: 'notifier.email-sent.v1',
      queue,
      failure: {
        code: 'messaging.malformed-message',
        class: 'MalformedMessage',
        message: expect.stringContaining('does not fit'),
        service: 'gateway',
      },
      stack: expect.stringContaining('MalformedMessage'),
      attempts: 1,
      failures: 1,
      replays: 0,
      last_action: null,
      address: { exchange: '', routing_key: queue },
      body_encoding: 'json',
      body: { poison: true },
    });
    expect(Object.keys(body.headers).filter((name) => /failure|failed|death/.test(name))).toEqual(
      [],
    );
  });

  it('are found by state, queue, code and type, the newest first', async () => {
    const ids = [publishPoison(), publishPoison()];
    for (const id of ids) await eventuallyOpen(id);
    const filter = `state=open&queue=${queue}&code=messaging.malformed-message&message_type=notifier.email-sent.v1`;

    const { body: page } = await as().get(`/v1/dead-letters?limit=1&${filter}`).expect(200);
    const { body: next } = await as()
      .get(`/v1/dead-letters?limit=1&after=${page.next_cursor}&${filter}`)
      .expect(200);
    const { body: none } = await as().get(`/v1/dead-letters?queue=nothing`).expect(200);

    const found = new Set([page.data[0].message_id, next.data[0].message_id]);
    expect(found).toEqual(new Set(ids));
    expect(page.data[0]).not.toHaveProperty('body');
    expect(none.data).toEqual([]);
  });

  it('go back to their queue by a replay, with the same id, and open again when they fail again', async () => {
    const messageId = publishPoison();
    const { id } = await eventuallyOpen(messageId);

    const answer = await as()
      .post(`/v1/dead-letters/${id}/replays`)
      .send({ reason: 'The notifier is mended.' })
      .expect(202);

    expect(answer.headers['location']).toBe(`/v1/dead-letters/${id}`);
    expect(answer.body).toMatchObject({
      state: 'replayed',
      replays: 1,
      last_action: { kind: 'replay', reason: 'The notifier is mended.' },
    });
    await eventually(async () => {
      const { body } = await as().get(`/v1/dead-letters/${id}`);
      expect(body).toMatchObject({ state: 'open', failures: 2, replays: 1, message_id: messageId });
    });
  });

  it('cannot be replayed or discarded when they are not open', async () => {
    const { id } = await eventuallyOpen(publishPoison());
    await as().post(`/v1/dead-letters/${id}/discards`).send({ reason: 'A test.' }).expect(200);

    const replay = await as().post(`/v1/dead-letters/${id}/replays`).expect(409);
    const discard = await as().post(`/v1/dead-letters/${id}/discards`).expect(409);

    expect(replay.body).toMatchObject({
      code: 'invalid_state',
      detail: expect.stringContaining('discarded'),
    });
    expect(discard.body).toMatchObject({ code: 'invalid_state' });
  });

  it('are replayed once under one Idempotency-Key', async () => {
    const { id } = await eventuallyOpen(publishPoison());
    const replay = () =>
      as().post(`/v1/dead-letters/${id}/replays`).set('Idempotency-Key', `spec-${id}`).send({});

    const first = await replay().expect(202);
    const again = await replay().expect(202);

    expect(again.text).toBe(first.text);
    expect(again.headers['idempotency-replayed']).toBe('true');
  });

  it('are for operators only', async () => {
    const { id } = await eventuallyOpen(publishPoison());
    const user = await aKey({ scopes: ['imports:read', 'emails:read'] });

    const answers = [
      await as(user).get('/v1/dead-letters'),
      await as(user).get(`/v1/dead-letters/${id}`),
      await as(user).post(`/v1/dead-letters/${id}/replays`),
      await as().get(`/v1/dead-letters/${randomUUID()}`),
      await as().post(`/v1/dead-letters/${randomUUID()}/replays`),
    ];

    expect(answers.map(({ status }) => status)).toEqual([403, 403, 403, 404, 404]);
  });

  it('may be anything, and are kept all the same', async () => {
    const type = `nul\0-${randomUUID()}`;
    channel.sendToQueue(queues.deadLetters, Buffer.from([0, 0xff, 0xfe]), {
      type,
      headers: {
        'x-failure-code': 7,
        'ce-tenantid': 'nobody',
        'a\0b': { deep: ['\0', 1.5, true, null, Buffer.from('hi')] },
      },
    });

    const { body } = await eventually(async () => {
      const [row]: { id: string }[] = await db().query(
        'select id from dead_letter where message_type = $1',
        [type.replace('\0', '\ufffd')],
      );
      return as().get(`/v1/dead-letters/${row?.id}`).expect(200);
    });

    expect(body).toMatchObject({
      message_id: null,
      tenant_id: null,
      queue: null,
      failure: { code: 'messaging.worker-died' },
      body_encoding: 'base64',
      body: 'AP/+',
    });
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
    await as().post(`/v1/dead-letters/${id}/replays`).send({}).expect(202);
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

  it('fail the e-mail that was to be sent, and none that was only to be reported', async () => {
    const reported = await aStoredEmail(db());
    const { body } = await as()
      .post('/v1/emails')
      .send({ to: 'ada@example.org', subject: 'Hello', text: 'Hi.' })
      .expect(202);

    await eventually(async () =>
      expect(await db().manager.findOneBy(Email, { id: body.id })).toMatchObject({
        state: 'failed',
        reason: expect.stringContaining('No queue'),
      }),
    );
    await eventuallyOpen(publishPoison(EmailSent.type, `email:${reported.id}`));

    expect(await db().manager.findOneBy(Email, { id: reported.id })).toMatchObject({
      state: 'queued',
    });
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
