import { randomUUID } from 'node:crypto';
import { ScriptedRelay } from './scripted-relay-harness.js';
import { MailRelay, type MailRelayOptions } from './mail-relay.js';
import type { RelayMail } from './relay-mail.js';

describe(MailRelay.name, () => {
  const server = new ScriptedRelay();
  const relays: MailRelay[] = [];
  let url: string;

  beforeAll(async () => {
    url = await server.start();
  });

  afterAll(async () => {
    for (const relay of relays) relay.onApplicationShutdown();
    await server.stop();
  });

  it('has no doubt about a message that the relay never asked for', async () => {
    const recipient = anAddress();
    server.answerRecipient(recipient, 'hang-up');

    const handOver = await aRelay().handOver(aMail(recipient));

    expect(handOver.verdict).toBe('deferred');
  });

  it('has a doubt about a message that the relay read and did not answer in time', async () => {
    server.answerNext('silence');

    const handOver = await aRelay({ timeoutMs: 300 }).handOver(aMail(anAddress()));

    expect(handOver).toMatchObject({
      verdict: 'in-doubt',
      reply: expect.stringContaining('may have sent it'),
    });
  });

  it('waits no longer than it may for a relay that says nothing', async () => {
    const recipient = anAddress();
    server.answerRecipient(recipient, 'silence');

    const handOver = await aRelay({ timeoutMs: 300 }).handOver(aMail(recipient));

    expect(handOver).toMatchObject({
      verdict: 'deferred',
      reply: 'The relay did not come to an end in time.',
    });
  });

  it('tells why the relay cannot be reached, until it is there again', async () => {
    const away = new ScriptedRelay();
    const port = new URL(await away.start()).port;
    await away.stop();
    const relay = aRelay({ url: `smtp://127.0.0.1:${port}` });

    const handOver = await relay.handOver(aMail(anAddress()));

    expect(handOver).toMatchObject({
      verdict: 'deferred',
      reply: expect.stringContaining('ECONNREFUSED'),
    });
    expect(relay.trouble).toBe(handOver.reply);
  });

  it('counts an answer as being there, also a refusal', async () => {
    const relay = aRelay();
    server.answerNext({ code: 554, text: 'No' });

    const handOver = await relay.handOver(aMail(anAddress()));

    expect(handOver.verdict).toBe('refused');
    expect(relay.trouble).toBeUndefined();
  });

  it('uses another connection when the relay has closed the idle ones', async () => {
    const relay = aRelay();
    await relay.handOver(aMail(anAddress()));
    server.hangUp();

    const handOver = await relay.handOver(aMail(anAddress()));

    expect(handOver.verdict).toBe('taken');
  });

  function aRelay(options: Partial<MailRelayOptions> = {}): MailRelay {
    const relay = new MailRelay({ url, connections: 2, ...options });
    relays.push(relay);
    return relay;
  }
});

function anAddress(): string {
  return `${randomUUID()}@example.test`;
}

function aMail(to: string): RelayMail {
  const from = { name: '', address: 'offload@example.test' };
  return {
    envelope: { from: from.address, to: [to] },
    messageIdHeader: `<${randomUUID()}@example.test>`,
    date: new Date(),
    from,
    to: [{ name: '', address: to }],
    cc: [],
    replyTo: [],
    subject: 'Hello',
    html: undefined,
    text: 'Hello.',
    headers: {},
  };
}
