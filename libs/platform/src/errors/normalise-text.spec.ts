import { failureFingerprint, normaliseText } from './normalise-text.js';

describe(normaliseText.name, () => {
  it.each([
    ['Import 17 of "a b.csv" is gone.', 'Import <n> of <value> is gone.'],
    ['connect ECONNREFUSED 127.0.0.1:5432', 'connect ECONNREFUSED <n>'],
    ['connect ECONNREFUSED ::1:5432', 'connect ECONNREFUSED <n>'],
    ['There is no import 0198d0e4-0000-7000-8000-00000000000a.', 'There is no import <id>.'],
    ["It can't read 'x'.", "It can't read <value>."],
    ['<ada@example.test>: 450 4.2.1 try later', '<<address>>: <n> <n> try later'],
    ['GET https://example.test/a?b=1 failed', 'GET <address> failed'],
    ['job a1b2c3 of tenant7 took 12.5 ms', 'job <id> of <id> took <n> ms'],
    ['at 2026-01-02T03:04:05.678Z   and\nlater', 'at <time> and later'],
    [
      'duplicate key value violates unique constraint "email_pkey"',
      'duplicate key value violates unique constraint <value>',
    ],
  ])('%s', (text, normal) => {
    expect(normaliseText(text)).toBe(normal);
  });

  it('leaves a sentence alone in which there is nothing to replace', () => {
    const text = 'Connection terminated unexpectedly';

    expect(normaliseText(text)).toBe(text);
  });

  it.each(['"', "'", 'a', '1', '1.', ':', 'a@', '1a-', 'http://', 'f:'])(
    'takes a long text of %j in no time',
    (part) => {
      const startedAt = performance.now();

      normaliseText(part.repeat(500_000));

      expect(performance.now() - startedAt).toBeLessThan(200);
    },
  );
});

describe(failureFingerprint.name, () => {
  it('is the same for one cause that meets two messages', () => {
    const one = { class: 'Error', code: 'EACCES', message: 'open "/data/1" failed' };
    const other = { class: 'Error', code: 'EACCES', message: 'open "/data/2" failed' };

    expect(failureFingerprint(one)).toBe(failureFingerprint(other));
    expect(failureFingerprint({ ...one, code: 'EIO' })).not.toBe(failureFingerprint(one));
  });
});
