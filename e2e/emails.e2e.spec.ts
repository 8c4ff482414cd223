import type { DeadLetterSummary, EmailResource, List } from '@offload/contracts/http';
import { eventually } from '../libs/testing/src/eventually.js';
import { stackHarness } from './harness/stack-harness.js';

describe('an application that sends an e-mail', () => {
  const running = stackHarness();

  const until = (id: string, state: EmailResource['state']): Promise<EmailResource> =>
    eventually(async () => {
      const email = await running().api.getEmail(id);
      expect(email.state).toBe(state);
      return email;
    });

  it('has it delivered, and reads what the relay said', async () => {
    const { api, mail } = running();
    const to = 'grace@example.test';

    const { id, state } = await api.sendEmail({ to, subject: 'Grüße', text: 'It works, Zoë.' });

    expect(state).toBe('queued');
    const sent = await until(id, 'sent');
    const [arrived, ...more] = mail.takenFor(to);
    expect(more).toEqual([]);
    expect(arrived?.text.trim()).toBe('It works, Zoë.');
    expect(sent).toMatchObject({ attempts: 1, message_id: arrived?.messageId });
    expect(sent.response).toMatch(/^250 /);
  });

  it('has it tried again with the same Message-ID when the relay asks to come later', async () => {
    const { api, mail } = running();
    const to = 'later@example.test';
    mail.answer(to, { code: 451, text: 'Greylisted, come again' });

    const { id } = await api.sendEmail({ to, subject: 'Later', text: 'Patience.' });

    expect((await until(id, 'deferred')).reason).toContain('Greylisted');
    const sent = await until(id, 'sent');
    const [first, second, ...more] = mail.arrivedFor(to);
    expect(more).toEqual([]);
    expect(second?.messageId).toBe(first?.messageId);
    expect(sent).toMatchObject({ attempts: 2, reason: null, message_id: first?.messageId });
  });

  it('is told why it was refused for good, and an operator finds the dead letter', async () => {
    const { api, mail } = running();
    const to = 'nobody@example.test';
    mail.answer(to, { code: 550, text: 'No such mailbox' });

    const { id } = await api.sendEmail({ to, subject: 'Refused', text: 'Hello?' });

    expect((await until(id, 'failed')).reason).toContain('No such mailbox');
    const [letter] = await eventually(async () => {
      const { data } = await api.get<List<DeadLetterSummary>>('/v1/dead-letters?state=open');
      const about = data.filter(({ subject }) => subject === `email:${id}`);
      expect(about).toHaveLength(1);
      return about;
    });
    expect(letter).toMatchObject({
      queue: 'notifier.send-email',
      failure: { code: 'notifier.relay-refused' },
    });
    expect(mail.takenFor(to)).toEqual([]);
  });
});
