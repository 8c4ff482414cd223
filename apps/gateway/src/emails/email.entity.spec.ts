import { EmailResource } from '@offload/contracts/http';
import { anEmail } from '../../test/builders.js';
import { emailResource } from './email.entity.js';

const emailId = '0198d0e4-0000-7000-8000-000000000009';

describe('an e-mail', () => {
  it('goes from queued to deferred to sent', () => {
    const email = anEmail();

    expect(email.defer(deferred(1, 1))).toBe(true);
    expect(email).toMatchObject({ state: 'deferred', attempts: 1, reason: '451 Later.' });
    expect(email.send(sent(2, 2))).toBe(true);
    expect(email).toMatchObject({ state: 'sent', attempts: 2, reason: null, response: '250 OK' });
  });

  it('stays sent, whatever is reported after it', () => {
    const email = anEmail();
    email.send(sent(1, 1));

    expect(email.defer(deferred(2, 2))).toBe(false);
    expect(email.fail(failure(3, 3))).toBe(false);
    expect(email.send(sent(4, 4))).toBe(false);
    expect(email.state).toBe('sent');
  });

  it('is not moved back by what happened before', () => {
    const email = anEmail();
    email.fail(failure(8, 8));

    expect(email.defer(deferred(7, 7))).toBe(false);
    expect(email.state).toBe('failed');
  });

  it('goes on after it has failed, when it is replayed', () => {
    const email = anEmail();
    email.fail(failure(1, 1));

    email.defer(deferred(2, 2));
    expect(email).toMatchObject({ state: 'deferred', failedAt: null });
    email.send(sent(3, 3));
    expect(email.state).toBe('sent');
  });

  it('is shown as the contract says', () => {
    const email = anEmail();
    email.send(sent(1, 1));

    expect(EmailResource.parse(emailResource(email))).toEqual(emailResource(email));
  });
});

const at = (second: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, second)).toISOString();

const deferred = (attempt: number, second: number) => ({
  emailId,
  attempt,
  reason: '451 Later.',
  deferredAt: at(second),
});

const failure = (attempt: number, second: number) => ({
  attempt,
  reason: '550 No such user.',
  failedAt: at(second),
});

const sent = (attempt: number, second: number) => ({
  emailId,
  attempt,
  messageIdHeader: '<a@example.org>',
  response: '250 OK',
  refused: [],
  sentAt: at(second),
});
