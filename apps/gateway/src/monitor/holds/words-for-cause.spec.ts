import { wordsForCause } from './words-for-cause.js';

describe(wordsForCause.name, () => {
  it.each([
    [
      'notifier.relay-deferred',
      '450 try later',
      'the mail relay does not take e-mails at the moment (notifier.relay-deferred)',
    ],
    [
      'gateway.scanner-unavailable',
      'The virus scanner gives no verdict: connect ECONNREFUSED 10.0.0.9:3310',
      'the virus scanner does not answer (gateway.scanner-unavailable)',
    ],
    ['ENOSPC', 'write /data/x', 'the file storage is full (ENOSPC)'],
    [
      'storage.file-not-found',
      'There is no stored file a/b.',
      'the file storage does not work as it should (storage.file-not-found)',
    ],
    ['57P01', 'terminating connection', 'the database does not answer (57P01)'],
    ['unexpected', 'Connection terminated unexpectedly', 'the database does not answer'],
    ['53100', 'could not extend file', 'the disk of the database is full (53100)'],
    ['42P01', 'relation "x" does not exist', 'the database refuses what it is asked (42P01)'],
    [
      'ECONNREFUSED',
      'connect ECONNREFUSED 10.0.0.7:5432',
      'the database or another server that it needs does not answer (ECONNREFUSED)',
    ],
  ])('%s: %s', (code, message, words) => {
    expect(wordsForCause({ code, message })).toBe(words);
  });

  it('tells neither hosts nor passwords, whatever the failure says', () => {
    const secret = 'postgres://app:s3cret@db.internal:5432 refused';

    expect(wordsForCause({ code: 'unexpected', message: secret })).not.toMatch(
      /s3cret|internal|5432/,
    );
    expect(wordsForCause({ code: secret, message: secret })).not.toMatch(/s3cret|internal|5432/);
  });
});
