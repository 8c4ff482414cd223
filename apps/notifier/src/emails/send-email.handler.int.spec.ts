import { randomUUID } from 'node:crypto';
import type { Provider } from '@nestjs/common';
import { SendEmail } from '@offload/contracts';
import { describeHandler, eventually, handlerHarness, testTenant } from '@offload/testing';
import type { DataSource } from 'typeorm';
import { type Answer, headerOf, ScriptedRelay } from './relay/scripted-relay-harness.js';
import { database } from '../database/database.js';
import { MailRelay } from './relay/mail-relay.js';
import { AttemptLog } from './attempt-log.js';
import { EmailAttempt } from './email-attempt.entity.js';
import { Email } from './email.entity.js';
import { MailSettings } from './mail-settings.js';
import type { InDoubtPolicy } from './next-step.js';
import { SendEmailHandler } from './send-email.handler.js';

const relay = new ScriptedRelay();
const relayUrl = relay.start();

afterAll(() => relay.stop());

describe(SendEmailHandler.name, () => {
  const { db, deliver } = handlerHarness(SendEmailHandler, withPolicy('retry'));

  it('hands the e-mail to the relay and says so', async () => {
    const email = anEmail({ subject: 'Grüße', text: 'Your file is in.' });

    const delivery = await deliver(SendEmail(email));

    expect(delivery).toMatchObject({ outcome: 'handled', error: undefined });
    expect(delivery.published).toMatchObject([
      {
        type: 'notifier.email-sent.v1',
        payload: { emailId: email.emailId, attempt: 1, refused: [] },
      },
    ]);
    const [mail] = relay.receivedFor(email.to[0]);
    expect(mail && headerOf(mail, 'message-id')).toBe(`<${email.emailId}@example.test>`);
    expect(mail && headerOf(mail, 'subject')).toBe('=?UTF-8?Q?Gr=C3=BC=C3=9Fe?=');
    expect(mail?.raw).toContain('Your file is in.');
    expect(await outcomes(db(), email.emailId)).toEqual(['sent']);
  });

  it('keeps blind copies out of the message', async () => {
    const hidden = `${randomUUID()}@example.test`;
    const email = { ...anEmail(), bcc: [hidden] };

    await deliver(SendEmail(email));

    const [mail] = relay.receivedFor(hidden);
    expect(mail?.recipients).toEqual([email.to[0], hidden]);
    expect(mail?.raw).not.toContain(hidden);
  });

  it('tries again with the same Message-ID and date when the relay says later', async () => {
    const email = anEmail();
    const messageId = randomUUID();
    relay.answerNext({ code: 451, text: 'Greylisted, come back' });

    const first = await deliver(SendEmail(email), { messageId });
    const told = await sentFrom(db(), messageId);
    const second = await deliver(SendEmail(email), { messageId, attempt: 2 });

    expect(first).toMatchObject({ outcome: 'retry', error: { code: 'notifier.relay-deferred' } });
    expect(told).toMatchObject([
      {
        type: 'notifier.email-deferred.v1',
        body: { attempt: 1, reason: expect.stringContaining('Greylisted') },
      },
    ]);
    expect(second).toMatchObject({ outcome: 'handled', published: [{ payload: { attempt: 2 } }] });
    const mails = relay.receivedFor(email.to[0]);
    expect(mails).toHaveLength(2);
    expect(new Set(mails.map((mail) => headerOf(mail, 'message-id'))).size).toBe(1);
    expect(new Set(mails.map((mail) => headerOf(mail, 'date'))).size).toBe(1);
    expect(await outcomes(db(), email.emailId)).toEqual(['deferred', 'sent']);
  });

  it('gives up at once when the relay refuses, and tries anew when it is replayed', async () => {
    const email = anEmail();
    const messageId = randomUUID();
    relay.answerNext({ code: 554, text: 'We do not want this' });

    const first = await deliver(SendEmail(email), { messageId });
    const told = await sentFrom(db(), messageId);
    const replayed = await deliver(SendEmail(email), { messageId, replays: 1 });

    expect(first).toMatchObject({
      outcome: 'dead-letter',
      error: { code: 'notifier.relay-refused', message: expect.stringContaining('554') },
    });
    expect(told).toMatchObject([{ type: 'notifier.email-failed.v1', body: { attempt: 1 } }]);
    expect(replayed).toMatchObject({
      outcome: 'handled',
      published: [{ payload: { attempt: 2 } }],
    });
    expect(await outcomes(db(), email.emailId)).toEqual(['refused', 'sent']);
  });

  it('gives up when every recipient is refused', async () => {
    const email = anEmail();
    relay.answerRecipient(email.to[0], { code: 550, text: 'No such user' });

    const delivery = await deliver(SendEmail(email));

    expect(delivery).toMatchObject({
      outcome: 'dead-letter',
      error: { code: 'notifier.relay-refused', message: expect.stringContaining('No such user') },
    });
    expect(relay.receivedFor(email.to[0])).toEqual([]);
  });

  it('names the recipients that were refused while others were served', async () => {
    const gone = `${randomUUID()}@example.test`;
    const email = anEmail({ more: [gone] });
    relay.answerRecipient(gone, { code: 550, text: 'No such user' });

    const delivery = await deliver(SendEmail(email));

    expect(delivery).toMatchObject({
      outcome: 'handled',
      published: [{ payload: { refused: [gone] } }],
    });
    expect(relay.receivedFor(email.to[0])).toHaveLength(1);
  });

  it('goes back for the recipients that were put off, and only for them', async () => {
    const busy = `${randomUUID()}@example.test`;
    const email = anEmail({ more: [busy] });
    const messageId = randomUUID();
    relay.answerRecipient(busy, { code: 450, text: 'Mailbox busy' });

    const first = await deliver(SendEmail(email), { messageId });
    const second = await deliver(SendEmail(email), { messageId, attempt: 2 });

    expect(first).toMatchObject({ outcome: 'retry', error: { code: 'notifier.relay-deferred' } });
    expect(second.outcome).toBe('handled');
    expect(relay.receivedFor(email.to[0])).toHaveLength(1);
    expect(relay.receivedFor(busy).map(({ recipients }) => recipients)).toEqual([[busy]]);
  });

  it('notes a doubt when the relay hangs up after the message, and sends it again', async () => {
    const email = anEmail();
    const messageId = randomUUID();
    relay.answerNext('hang-up');

    const first = await deliver(SendEmail(email), { messageId });
    const second = await deliver(SendEmail(email), { messageId, attempt: 2 });

    expect(first).toMatchObject({ outcome: 'retry', error: { code: 'notifier.in-doubt' } });
    expect(second.outcome).toBe('handled');
    expect(await outcomes(db(), email.emailId)).toEqual(['in_doubt', 'sent']);
    const [one, other] = relay.receivedFor(email.to[0]);
    expect(one && headerOf(one, 'message-id')).toBe(other && headerOf(other, 'message-id'));
  });

  it('finds the attempt of a process that died in the middle of it', async () => {
    const email = anEmail();
    await processDiesWhileSending(db(), email.emailId);

    const delivery = await deliver(SendEmail(email));

    expect(delivery).toMatchObject({
      outcome: 'handled',
      published: [{ payload: { attempt: 2 } }],
    });
    expect(await outcomes(db(), email.emailId)).toEqual(['in_doubt', 'sent']);
    const [mail] = relay.receivedFor(email.to[0]);
    expect(mail && headerOf(mail, 'message-id')).toBe('<fixed-before@example.test>');
  });

  it('does not send again when the delivery fails after the relay took the e-mail', async () => {
    const email = anEmail();
    const messageId = randomUUID();

    const first = await deliver(SendEmail(email), {
      messageId,
      invoke: async (handle) => {
        await handle();
        throw new Error('the commit failed');
      },
    });
    const second = await deliver(SendEmail(email), { messageId, attempt: 2 });

    expect(first.outcome).toBe('retry');
    expect(second).toMatchObject({
      outcome: 'handled',
      published: [{ type: 'notifier.email-sent.v1', payload: { attempt: 1 } }],
    });
    expect(relay.receivedFor(email.to[0])).toHaveLength(1);
  });

  it('sends one mail for parallel deliveries of one message', async () => {
    const email = anEmail();
    const messageId = randomUUID();

    const deliveries = await Promise.all([
      deliver(SendEmail(email), { messageId }),
      deliver(SendEmail(email), { messageId }),
    ]);

    expect(deliveries.map(({ outcome }) => outcome).toSorted()).toEqual(['duplicate', 'handled']);
    expect(relay.receivedFor(email.to[0])).toHaveLength(1);
  });

  it('sends one mail for parallel messages about one e-mail', async () => {
    const email = anEmail();
    const { promise: answer, resolve: giveAnswer } = Promise.withResolvers<Answer>();
    relay.answerNext(answer);
    const first = deliver(SendEmail(email));
    await eventually(() => expect(relay.receivedFor(email.to[0])).toHaveLength(1));

    const second = deliver(SendEmail(email));
    await eventually(async () => expect(await waitingForAnEmail(db())).toBe(1));
    giveAnswer('take');

    expect(await Promise.all([first, second])).toMatchObject([
      { outcome: 'handled' },
      { outcome: 'handled' },
    ]);
    expect(relay.receivedFor(email.to[0])).toHaveLength(1);
    expect(await outcomes(db(), email.emailId)).toEqual(['sent']);
  });

  it('says that the e-mail has failed when the last try is put off', async () => {
    const messageId = randomUUID();
    relay.answerNext({ code: 451, text: 'Still greylisted' });

    const delivery = await deliver(SendEmail(anEmail()), { messageId, attempt: 16 });

    expect(delivery).toMatchObject({
      outcome: 'dead-letter',
      error: { code: 'notifier.relay-deferred', isPermanent: true },
    });
    expect(await sentFrom(db(), messageId)).toMatchObject([{ type: 'notifier.email-failed.v1' }]);
  });

  it('asks no relay for an e-mail with a smuggled header', async () => {
    const email = { ...anEmail(), headers: { 'X-Note': 'hello\r\nBcc: everybody@example.test' } };

    const delivery = await deliver(SendEmail(email));

    expect(delivery).toMatchObject({
      outcome: 'dead-letter',
      error: { code: 'notifier.unsendable-email' },
    });
    expect(relay.receivedFor(email.to[0])).toEqual([]);
    expect(await outcomes(db(), email.emailId)).toEqual([]);
  });
});

describe(`${SendEmailHandler.name} that holds what is in doubt`, () => {
  const { db, deliver } = handlerHarness(SendEmailHandler, withPolicy('hold'));

  it('leaves the e-mail to an operator, and sends it when it is replayed', async () => {
    const email = anEmail();
    const messageId = randomUUID();
    await processDiesWhileSending(db(), email.emailId);

    const held = await deliver(SendEmail(email), { messageId });
    const redelivered = await deliver(SendEmail(email), { messageId });
    const sentBefore = relay.receivedFor(email.to[0]).length;
    const replayed = await deliver(SendEmail(email), { messageId, replays: 1 });

    expect(held).toMatchObject({ outcome: 'dead-letter', error: { code: 'notifier.in-doubt' } });
    expect(redelivered.outcome).toBe('dead-letter');
    expect(sentBefore).toBe(0);
    expect(replayed.outcome).toBe('handled');
    expect(relay.receivedFor(email.to[0])).toHaveLength(1);
  });

  it('leaves it to an operator when the relay hangs up after the message', async () => {
    const email = anEmail();
    const messageId = randomUUID();
    relay.answerNext('hang-up');

    const delivery = await deliver(SendEmail(email), { messageId });

    expect(delivery).toMatchObject({
      outcome: 'dead-letter',
      error: { code: 'notifier.in-doubt' },
    });
    expect(await sentFrom(db(), messageId)).toMatchObject([{ type: 'notifier.email-failed.v1' }]);
  });
});

describeHandler(SendEmailHandler, {
  ...withPolicy('retry'),
  keepsRecordsIn: ['email', 'email_attempt'],
  example: () => Promise.resolve(SendEmail(anEmail())),
});

function withPolicy(inDoubt: InDoubtPolicy) {
  const settings = new MailSettings({ from: 'Offload <offload@example.test>', inDoubt });
  const providers: Provider[] = [
    AttemptLog,
    { provide: MailSettings, useValue: settings },
    {
      provide: MailRelay,
      useFactory: async () => new MailRelay({ url: await relayUrl, connections: 4 }),
    },
  ];
  return { service: 'notifier', database, providers };
}

function anEmail({ subject = 'Hello', text = 'Hello.', more = [] as string[] } = {}): {
  emailId: string;
  to: [string, ...string[]];
  subject: string;
  text: string;
} {
  return { emailId: randomUUID(), to: [`${randomUUID()}@example.test`, ...more], subject, text };
}

async function processDiesWhileSending(db: DataSource, emailId: string): Promise<void> {
  const startedAt = new Date(Date.now() - 60_000);
  await db.getRepository(Email).insert({
    id: emailId,
    tenantId: testTenant,
    messageIdHeader: '<fixed-before@example.test>',
    datedAt: startedAt,
  });
  await db.getRepository(EmailAttempt).insert({
    emailId,
    number: 1,
    replays: 0,
    relay: 'gone.example.test:25',
    startedAt,
    accepted: [],
    refused: [],
  });
}

async function outcomes(db: DataSource, emailId: string): Promise<(string | null)[]> {
  const attempts = await db
    .getRepository(EmailAttempt)
    .find({ where: { emailId }, order: { number: 'asc' } });
  return attempts.map(({ outcome }) => outcome);
}

/** What went into the outbox because of this message. */
async function sentFrom(
  db: DataSource,
  messageId: string,
): Promise<{ type: string; body: unknown }[]> {
  const rows: { type: string; body: Buffer }[] = await db.query(
    `select routing_key as type, body from outbox_message where headers ->> 'x-causation-id' = $1 order by id`,
    [messageId],
  );
  return rows.map(({ type, body }) => ({ type, body: JSON.parse(body.toString()) as unknown }));
}

/** Deliveries that wait for another one to be done with its e-mail. */
async function waitingForAnEmail(db: DataSource): Promise<number> {
  const waiting: unknown[] = await db.query(
    `select 1 from pg_locks l join pg_database d on d.oid = l.database
      where d.datname = current_database() and l.locktype = 'advisory' and not l.granted`,
  );
  return waiting.length;
}
