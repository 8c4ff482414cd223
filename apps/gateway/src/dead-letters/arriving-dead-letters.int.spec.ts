import { randomUUID } from 'node:crypto';
import { EmailSent, type Outgoing, StartImport } from '@offload/contracts';
import type { DeadLetterResource } from '@offload/contracts/http';
import { exchanges, queues, storeOutgoing } from '@offload/messaging';
import { arrival, eventually, workerVhost } from '@offload/testing';
import { type Channel, type ChannelModel, connect, type Options } from 'amqplib';
import { v7 } from 'uuid';
import { aStoredEmail, aStoredImport, eventsOf } from '../../test/builders.js';
import { gatewayHarness } from '../../test/gateway-harness.js';
import { defaultTenantId } from '../access/bootstrap-access.js';
import { Email } from '../emails/email.entity.js';
import { Import } from '../imports/import.entity.js';

/** What the gateway gives up on in this spec: a report of this queue that does not fit its contract. */
const queue = 'gateway.track-email-sent';

describe('dead letters that arrive', () => {
  const { as, db, runtime } = gatewayHarness({ broker: 'arriving-dead-letters' });
  let model: ChannelModel;
  let channel: Channel;

  beforeAll(async () => {
    model = await connect(await workerVhost('arriving-dead-letters'));
    channel = await model.createChannel();
  });
  afterAll(() => model.close());

  it('are kept with their reason, their message and where they came from', async () => {
    const messageId = publishPoison();

    const body = await eventuallyOpen(messageId);

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
        frame: expect.stringMatching(/\(libs\/messaging\/src\/[\w/.-]+\)$/),
        service: 'gateway',
      },
      stack: expect.stringContaining('MalformedMessage'),
      attempts: 1,
      failures: 1,
      replays: 0,
      edit_of: null,
      last_action: null,
      address: { exchange: '', routing_key: queue },
      body_encoding: 'json',
      body: { poison: true },
      references: [],
      history: [],
    });
    expect(Object.keys(body.headers).filter((name) => /failure|failed|death/.test(name))).toEqual(
      [],
    );
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

  it('wait at the broker while the database refuses them, and are then stored once', async () => {
    const messageId = v7();
    await db().query('create sequence refused');
    await db().query(
      `create function refuse_letter() returns trigger language plpgsql as $$
       begin
         if new.message_id = '${messageId}' then
           perform nextval('refused');
           raise exception 'The disk is full.';
         end if;
         return new;
       end $$`,
    );
    await db().query(
      `create trigger refuse_letter before insert on dead_letter
         for each row execute function refuse_letter()`,
    );

    publishPoison(EmailSent.type, undefined, messageId);
    await eventually(async () => {
      const [row]: { last_value: string }[] = await db().query('select last_value from refused');
      expect(Number(row?.last_value)).toBeGreaterThan(1);
    });
    await db().query('drop trigger refuse_letter on dead_letter');

    expect(await eventuallyOpen(messageId)).toMatchObject({ failures: 1 });
    await db().query('drop function refuse_letter');
    await db().query('drop sequence refused');
  });

  it('interrupt the import they are about', async () => {
    const { id: importId } = await aStoredImport(db());
    const messageId = await send(startImport(importId));

    const letter = await eventuallyOpen(messageId);

    expect(await db().manager.findOneBy(Import, { id: importId })).toMatchObject({
      state: 'interrupted',
      openDeadLetters: 1,
    });
    expect(await eventsOf(db(), `import:${importId}`)).toMatchObject([
      { type: 'import-interrupted', data: { state: 'interrupted' }, ends_topic: false },
    ]);
    expect(letter).toMatchObject({
      queue: null,
      failure: { code: 'messaging.unrouted' },
      subject: `import:${importId}`,
      address: { exchange: exchanges.commands, routing_key: StartImport.type },
      references: [
        { pointer: '/importId', kind: 'import', id: importId, found: true },
        { pointer: '/file', kind: 'file', found: false },
      ],
    });
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
  const publishPoison = (type: string = EmailSent.type, subject?: string, id = v7()): string => {
    const poison: Outgoing = { kind: 'event', type, subject, payload: { poison: true } };
    const message = arrival(poison, queue, { id, tenantId: defaultTenantId });
    const options = {
      messageId: message.messageId,
      ...message.properties,
      headers: message.headers,
    };
    channel.sendToQueue(queue, message.body, options as Options.Publish);
    return id;
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
});

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
