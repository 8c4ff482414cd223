import type { NodemailerError } from 'nodemailer';
import { readAnswer, readFailure } from './hand-over.js';

describe(readFailure.name, () => {
  it.each([
    ['the sender', anError({ code: 'EENVELOPE', command: 'MAIL FROM', responseCode: 550 })],
    ['all recipients', anError({ code: 'EENVELOPE', command: 'RCPT TO', responseCode: 553 })],
    ['the content', anError({ code: 'EMESSAGE', command: 'DATA', responseCode: 554 })],
    ['its size', anError({ code: 'EMESSAGE', command: 'MAIL FROM' })],
  ])('gives up when the relay refuses %s', (_what, error) => {
    expect(readFailure(error, false).verdict).toBe('refused');
  });

  it.each([
    ['is busy', anError({ code: 'EENVELOPE', command: 'RCPT TO', responseCode: 450 })],
    ['shuts down', anError({ code: 'ECONNECTION', command: 'CONN', responseCode: 421 })],
    [
      'does not want us as clients',
      anError({ code: 'EPROTOCOL', command: 'CONN', responseCode: 554 }),
    ],
    [
      'does not know our password',
      anError({ code: 'EAUTH', command: 'AUTH PLAIN', responseCode: 535 }),
    ],
    ['wants a password', anError({ code: 'EENVELOPE', command: 'MAIL FROM', responseCode: 530 })],
    [
      'lost track of the session',
      anError({ code: 'EENVELOPE', command: 'DATA', responseCode: 503 }),
    ],
    ['is not there', anError({ code: 'ESOCKET', command: 'CONN' })],
  ])('tries later when the relay %s', (_what, error) => {
    expect(readFailure(error, false).verdict).toBe('deferred');
  });

  it.each([
    [
      'puts off its recipients',
      anError({ code: 'EENVELOPE', command: 'RCPT TO', responseCode: 450 }),
      true,
    ],
    [
      'puts off its content',
      anError({ code: 'EMESSAGE', command: 'DATA', responseCode: 451 }),
      true,
    ],
    ['closes', anError({ code: 'EENVELOPE', command: 'RCPT TO', responseCode: 421 }), false],
    [
      'wants a password',
      anError({ code: 'EENVELOPE', command: 'MAIL FROM', responseCode: 530 }),
      false,
    ],
    ['falls silent', anError({ code: 'EENVELOPE', command: 'RCPT TO' }), false],
    ['is not there', anError({ code: 'ESOCKET', command: 'CONN' }), false],
  ])('tells whether it is about this e-mail alone that the relay %s', (_what, error, isAbout) => {
    expect(readFailure(error, false).isAboutThisEmail).toBe(isAbout);
  });

  it('is in doubt when the whole message is gone and there is no reply', () => {
    const error = anError({ code: 'ECONNECTION', command: 'CONN' });

    expect(readFailure(error, true).verdict).toBe('in-doubt');
  });

  it('has no doubt when the relay answered the whole message', () => {
    const error = anError({ code: 'EMESSAGE', command: 'DATA', responseCode: 451 });

    expect(readFailure(error, true).verdict).toBe('deferred');
  });
});

describe(readAnswer.name, () => {
  it('names who was refused', () => {
    const gone = anError({ code: 'EENVELOPE', command: 'RCPT TO', responseCode: 550 });

    const handOver = readAnswer({
      response: '250 OK',
      accepted: ['ada@example.test'],
      rejectedErrors: [Object.assign(gone, { recipient: 'gone@example.test' })],
    });

    expect(handOver).toEqual({
      verdict: 'taken',
      isAboutThisEmail: true,
      reply: '250 OK',
      accepted: ['ada@example.test'],
      refused: ['gone@example.test'],
    });
  });

  it('is not done while a recipient is put off', () => {
    const busy = anError({ code: 'EENVELOPE', command: 'RCPT TO', responseCode: 450 });

    const handOver = readAnswer({
      response: '250 OK',
      accepted: ['ada@example.test'],
      rejectedErrors: [Object.assign(busy, { recipient: 'busy@example.test' })],
    });

    expect(handOver).toMatchObject({
      verdict: 'deferred',
      reply: '250 OK | busy@example.test: 450 said the relay',
      refused: [],
    });
  });
});

/** An error as nodemailer makes it; `permanent` and `response` come with the reply code. */
function anError({
  code,
  command,
  responseCode,
}: Pick<NodemailerError, 'code' | 'command' | 'responseCode'>): NodemailerError {
  const reply =
    responseCode === undefined
      ? {}
      : {
          responseCode,
          response: `${responseCode} said the relay`,
          permanent: responseCode >= 500 && responseCode !== 503,
        };
  return Object.assign(new Error('it failed'), { code, command, ...reply });
}
