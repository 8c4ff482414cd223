import { EmailDeferred, EmailFailed, EmailSent } from '@offload/contracts';
import { describeHandler, handlerHarness } from '@offload/testing';
import { v7 } from 'uuid';
import { aStoredEmail, eventsOf } from '../../test/builders.js';
import { database } from '../database/database.js';
import { Email } from './email.entity.js';
import { TrackEmailDeferredHandler } from './track-email-deferred.handler.js';
import { TrackEmailFailedHandler } from './track-email-failed.handler.js';
import { TrackEmailSentHandler } from './track-email-sent.handler.js';

const service = { service: 'gateway', database };

describe('reports about an e-mail', () => {
  const { db, deliver: deliverSent } = handlerHarness(TrackEmailSentHandler, service);
  const { deliver: deliverDeferred } = handlerHarness(TrackEmailDeferredHandler, service);
  const { deliver: deliverFailed } = handlerHarness(TrackEmailFailedHandler, service);

  it('are kept and told to those who follow it', async () => {
    const { id } = await aStoredEmail(db());

    await deliverDeferred(deferred(id));
    await deliverSent(sent(id));

    expect(await db().manager.findOneBy(Email, { id })).toMatchObject({
      state: 'sent',
      attempts: 2,
      messageIdHeader: '<a@example.org>',
      refused: ['grace@example.org'],
    });
    expect(await eventsOf(db(), `email:${id}`)).toMatchObject([
      {
        type: 'email-deferred',
        data: { id, state: 'deferred', reason: '451 Later.' },
        ends_topic: false,
      },
      { type: 'email-sent', data: { id, state: 'sent' }, ends_topic: true },
    ]);
  });

  it('say why it has failed', async () => {
    const { id } = await aStoredEmail(db());

    await deliverFailed(failed(id));

    expect(await eventsOf(db(), `email:${id}`)).toMatchObject([
      {
        type: 'email-failed',
        data: { state: 'failed', reason: '550 No such user.' },
        ends_topic: true,
      },
    ]);
  });

  it('are no matter when the notifier sends the e-mail by itself', async () => {
    const delivery = await deliverSent(sent(v7()));

    expect(delivery.outcome).toBe('handled');
  });
});

describeHandler(TrackEmailSentHandler, {
  ...service,
  example: async (db) => sent((await aStoredEmail(db)).id),
});
describeHandler(TrackEmailDeferredHandler, {
  ...service,
  example: async (db) => deferred((await aStoredEmail(db)).id),
});
describeHandler(TrackEmailFailedHandler, {
  ...service,
  example: async (db) => failed((await aStoredEmail(db)).id),
});

const sent = (emailId: string) =>
  EmailSent({
    emailId,
    messageIdHeader: '<a@example.org>',
    attempt: 2,
    response: '250 OK',
    refused: ['grace@example.org'],
    sentAt: '2026-01-01T00:00:02Z',
  });

const deferred = (emailId: string) =>
  EmailDeferred({ emailId, attempt: 1, reason: '451 Later.', deferredAt: '2026-01-01T00:00:01Z' });

const failed = (emailId: string) =>
  EmailFailed({
    emailId,
    attempt: 1,
    reason: '550 No such user.',
    failedAt: '2026-01-01T00:00:01Z',
  });
