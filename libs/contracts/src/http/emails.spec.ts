import { CreateEmailRequest } from './emails.js';

describe('the headers of an e-mail', () => {
  it.each(['Subject', 'ARC-Seal', 'Resent-To', 'Content-Type', 'x'.repeat(77), 'X Y', 'X:'])(
    'refuses %s, which the notifier would give up on',
    (name) => {
      const parsed = CreateEmailRequest.safeParse(aRequest({ [name]: 'value' }));

      expect(parsed.success).toBe(false);
    },
  );

  it('takes one of the sender’s own', () => {
    const parsed = CreateEmailRequest.safeParse(aRequest({ 'X-Campaign': 'welcome' }));

    expect(parsed.success).toBe(true);
  });
});

function aRequest(headers: Record<string, string>) {
  return { to: 'ada@example.org', subject: 'Hello', text: 'Hello', headers };
}
