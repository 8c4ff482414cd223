import { fingerprint, parseIdempotencyKey } from './idempotency-key.js';

describe(parseIdempotencyKey, () => {
  it.each([
    ['abc', 'abc'],
    ['"abc"', 'abc'],
    [String.raw`"a\"b\\c"`, String.raw`a"b\c`],
    ['8e03978e-40d5-43dd-bc93-6894a57f9324', '8e03978e-40d5-43dd-bc93-6894a57f9324'],
    ['a'.repeat(255), 'a'.repeat(255)],
  ])('reads %s', (header, key) => {
    expect(parseIdempotencyKey(header)).toBe(key);
  });

  it('takes a request without one', () => {
    expect(parseIdempotencyKey(undefined)).toBeUndefined();
  });

  it.each(['', '""', 'a'.repeat(256), 'é', 'a\tb', String.raw`"a\b"`, '"a"b"'])(
    'refuses %j',
    (header) => {
      expect(() => parseIdempotencyKey(header)).toThrow(
        expect.objectContaining({ code: 'invalid_header' }),
      );
    },
  );
});

describe(fingerprint, () => {
  it('does not depend on the order of keys, at any depth', () => {
    const one = fingerprint({ a: 1, b: { c: [1, { d: 2, e: 3 }], f: null } });
    const other = fingerprint({ b: { f: null, c: [1, { e: 3, d: 2 }] }, a: 1 });

    expect(one.equals(other)).toBe(true);
  });

  it.each([[{ a: 2 }], [{ a: '1' }], [{ a: 1, b: 1 }], [[1]]])('tells %j from {"a":1}', (other) => {
    expect(fingerprint(other).equals(fingerprint({ a: 1 }))).toBe(false);
  });
});
