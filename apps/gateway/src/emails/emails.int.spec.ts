import { randomUUID } from 'node:crypto';
import { gatewayHarness } from '../../test/gateway-harness.js';

describe('e-mails', () => {
  const { as, aKey, db } = gatewayHarness();

  it('accepts an e-mail with the command to send it in the outbox', async () => {
    const mail = {
      from: 'Offload <no-reply@example.org>',
      to: 'Ada <ada@example.org>',
      cc: ['grace@example.org'],
      reply_to: 'help@example.org',
      subject: 'Hello 👋',
      text: 'Hi.',
      headers: { 'X-Entity-Ref-ID': '7' },
      tags: [{ name: 'kind', value: 'welcome' }],
    };

    const answer = await post(mail).expect(202);

    const { id } = answer.body as { id: string };
    expect(answer.headers).toMatchObject({
      location: `/v1/emails/${id}`,
      link: `</v1/events?topics=email:${id}>; rel="monitor"`,
    });
    expect(answer.body).toMatchObject({
      object: 'email',
      state: 'queued',
      to: ['Ada <ada@example.org>'],
      bcc: [],
      html: null,
    });
    expect(await commandFor(id)).toEqual({
      emailId: id,
      from: 'Offload <no-reply@example.org>',
      to: ['Ada <ada@example.org>'],
      cc: ['grace@example.org'],
      replyTo: ['help@example.org'],
      subject: 'Hello 👋',
      text: 'Hi.',
      headers: { 'X-Entity-Ref-ID': '7' },
      tags: [{ name: 'kind', value: 'welcome' }],
    });
    await as().get(`/v1/emails/${id}`).expect(200, answer.body);
  });

  it('takes 256 KiB altogether and no more', async () => {
    const overhead = JSON.stringify(aMail({ text: '' })).length;

    await post(aMail({ text: 'x'.repeat(256 * 1024 - overhead) })).expect(202);
    const { body } = await post(aMail({ text: 'x'.repeat(256 * 1024 - overhead + 1) })).expect(413);

    expect(body).toMatchObject({ code: 'body_too_large' });
  });

  it('sends once what is posted twice under one Idempotency-Key', async () => {
    const key = randomUUID();
    const first = await post(aMail(), key).expect(202);

    const again = await post(aMail(), key).expect(202);

    expect(again.text).toBe(first.text);
    expect(again.headers['idempotency-replayed']).toBe('true');
    await post(aMail({ subject: 'Other' }), key).expect(422);
  });

  it('shows a tenant nobody else’s e-mails', async () => {
    const { body } = await post(aMail()).expect(202);

    const answer = await as(await aKey()).get(`/v1/emails/${body.id}`);

    expect(answer.status).toBe(404);
  });

  const post = (mail: object, key?: string) => {
    const request = as().post('/v1/emails');
    return (key === undefined ? request : request.set('Idempotency-Key', key)).send(mail);
  };

  const commandFor = async (emailId: string): Promise<unknown> => {
    const [row]: { payload: unknown }[] = await db().query(
      `select convert_from(body, 'utf8')::json as payload from outbox_message
        where routing_key = 'notifier.send-email.v1' and headers ->> 'ce-subject' = $1`,
      [`email:${emailId}`],
    );
    return row?.payload;
  };
});

function aMail(fields: object = {}): object {
  return { to: 'ada@example.org', subject: 'Hello', text: 'Hi.', ...fields };
}
