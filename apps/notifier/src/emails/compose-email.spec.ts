import { randomUUID } from 'node:crypto';
import type { SendEmail } from '@offload/contracts';
import { checkSendable, composeEmail, identify, parseAddress } from './compose-email.js';

describe(parseAddress.name, () => {
  it.each([
    ['ada@example.test', { name: '', address: 'ada@example.test' }],
    ['Ada <ada@example.test>', { name: 'Ada', address: 'ada@example.test' }],
    ['"Lovelace, Ada" <ada@example.test>', { name: 'Lovelace, Ada', address: 'ada@example.test' }],
    ['"\\"Ada\\"" <ada@example.test>', { name: '"Ada"', address: 'ada@example.test' }],
    [
      'eve@evil.test, Ada <ada@example.test>',
      { name: 'eve@evil.test, Ada', address: 'ada@example.test' },
    ],
  ])('reads %s as one recipient', (text, expected) => {
    expect(parseAddress(text)).toEqual(expected);
  });
});

describe(identify.name, () => {
  it('derives the Message-ID from the e-mail and the domain of its sender', () => {
    const email = anEmail({ from: 'Ada <ada@sender.test>' });

    expect(identify(email, 'offload@example.test')).toEqual({
      from: 'Ada <ada@sender.test>',
      messageIdHeader: `<${email.emailId}@sender.test>`,
    });
  });

  it('takes the default sender where none is named', () => {
    const email = anEmail();

    expect(identify(email, 'Offload <offload@example.test>')).toEqual({
      from: 'Offload <offload@example.test>',
      messageIdHeader: `<${email.emailId}@example.test>`,
    });
  });
});

describe(composeEmail.name, () => {
  it('sends to everybody once, and does not name blind copies', () => {
    const email = anEmail({
      to: ['Ada <ada@example.test>'],
      cc: ['ada@example.test', 'grace@example.test'],
      bcc: ['alan@example.test'],
    });

    const mail = composeEmail(email, fixed);

    expect(mail.envelope).toEqual({
      from: 'offload@example.test',
      to: ['ada@example.test', 'grace@example.test', 'alan@example.test'],
    });
    expect(JSON.stringify({ ...mail, envelope: undefined })).not.toContain('alan');
  });

  it('leaves out who was served, whatever the case of the domain', () => {
    const email = anEmail({ to: ['ada@Example.test', 'grace@example.test'] });

    const mail = composeEmail(email, { ...fixed, alreadyServed: ['ada@example.test'] });

    expect(mail.envelope.to).toEqual(['grace@example.test']);
    expect(mail.to).toHaveLength(2);
  });
});

describe(checkSendable.name, () => {
  it('lets an ordinary e-mail with headers of its own pass', () => {
    const email = anEmail({
      headers: { 'X-Order': '42', 'List-Unsubscribe': '<https://x.test/u>' },
    });

    expect(() => checkSendable(email)).not.toThrow();
  });

  it.each<[string, Partial<SendEmail>]>([
    ['has nothing to say', { text: undefined }],
    ['has a subject on two lines', { subject: 'Hi\r\nBcc: all@example.test' }],
    ['has a header on two lines', { headers: { 'X-Note': 'a\nBcc: all@example.test' } }],
    ['has a header name with a colon', { headers: { 'X:Y': '1' } }],
    ['has a header name with a line break', { headers: { 'X\r\nBcc': 'all@example.test' } }],
    ['sets a header that is ours', { headers: { 'message-id': '<x@example.test>' } }],
    ['adds recipients by a header', { headers: { BCC: 'all@example.test' } }],
    ['changes the kind of its content', { headers: { 'Content-Type': 'text/html' } }],
  ])('refuses an e-mail that %s', (_what, part) => {
    expect(() => checkSendable(anEmail(part))).toThrow(
      expect.objectContaining({ code: 'notifier.unsendable-email', isPermanent: true }),
    );
  });
});

const fixed = {
  from: 'Offload <offload@example.test>',
  messageIdHeader: '<1@example.test>',
  date: new Date('2026-11-22T10:00:00Z'),
  alreadyServed: [],
};

function anEmail(part: Partial<SendEmail> = {}): SendEmail {
  return {
    emailId: randomUUID(),
    to: ['ada@example.test'],
    subject: 'Hello',
    text: 'Hello.',
    ...part,
  };
}
