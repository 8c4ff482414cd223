import { DatabaseError } from 'pg';
import { QueryFailedError } from 'typeorm';
import { PermanentError } from '../errors/app-error.js';
import { failureFacts } from './failure-facts.js';

describe(failureFacts.name, () => {
  it('tells our errors as the log does', () => {
    const error = new PermanentError('probe.broken', 'It is broken.');

    expect(failureFacts(error)).toMatchObject({ code: 'probe.broken', message: 'It is broken.' });
    expect(failureFacts(error).stack).toContain('It is broken.');
  });

  it('keeps the addresses back that a relay repeats', () => {
    const reply = "550 5.1.1 <ada.o'neill+news@mail.example.org>: Recipient address rejected";

    const facts = failureFacts(new PermanentError('notifier.relay-refused', reply));

    expect(facts.message).toBe('550 5.1.1 <***@***>: Recipient address rejected');
    expect(facts.stack).toContain(facts.message);
    expect(facts.stack).not.toMatch(/neill|example/);
  });

  it('keeps the value back that PostgreSQL quotes', () => {
    const refused = new DatabaseError('invalid input syntax for type date: "secret"', 1, 'error');
    refused.code = '22007';

    for (const error of [refused, new QueryFailedError('insert …', ['secret'], refused)]) {
      expect(failureFacts(error)).toEqual({
        code: '22007',
        message: 'PostgreSQL answered with 22007.',
      });
    }
  });
});
